CREATE TABLE "import_rows" (
	"import_id" text NOT NULL,
	"line" bigint NOT NULL,
	"proposal_id" text NOT NULL,
	"act" text NOT NULL,
	"version" bigint NOT NULL,
	"before" jsonb,
	"taken_back_at" bigint,
	"kept_at" bigint,
	CONSTRAINT "import_rows_import_id_line_pk" PRIMARY KEY("import_id","line")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" text PRIMARY KEY NOT NULL,
	"member_id" text NOT NULL,
	"filename" text NOT NULL,
	"file_blob_hash" text,
	"source" text NOT NULL,
	"state" text NOT NULL,
	"plan" jsonb NOT NULL,
	"total" bigint NOT NULL,
	"done" bigint DEFAULT 0 NOT NULL,
	"created" bigint DEFAULT 0 NOT NULL,
	"updated" bigint DEFAULT 0 NOT NULL,
	"same" bigint DEFAULT 0 NOT NULL,
	"broken" bigint DEFAULT 0 NOT NULL,
	"kept" bigint DEFAULT 0 NOT NULL,
	"error" text,
	"created_at" bigint NOT NULL,
	"finished_at" bigint
);
--> statement-breakpoint
CREATE TABLE "proposal_origins" (
	"source" text NOT NULL,
	"external_id" text NOT NULL,
	"proposal_id" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "proposal_origins_source_external_id_pk" PRIMARY KEY("source","external_id")
);
--> statement-breakpoint
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_origins" ADD CONSTRAINT "proposal_origins_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_rows_proposal" ON "import_rows" USING btree ("proposal_id");--> statement-breakpoint
CREATE INDEX "imports_state" ON "imports" USING btree ("state","created_at");--> statement-breakpoint
CREATE INDEX "imports_time" ON "imports" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "proposal_origins_proposal" ON "proposal_origins" USING btree ("proposal_id");