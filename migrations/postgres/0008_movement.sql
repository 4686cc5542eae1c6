ALTER TABLE "traffic" ADD COLUMN "moved" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "traffic" ADD COLUMN "closed" bigint DEFAULT 0 NOT NULL;