CREATE TABLE "departures" (
	"mailbox_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"message_id" text,
	"at" bigint NOT NULL,
	CONSTRAINT "departures_fingerprint_mailbox_id_pk" PRIMARY KEY("fingerprint","mailbox_id")
);
--> statement-breakpoint
CREATE TABLE "spare_blobs" (
	"name" text PRIMARY KEY NOT NULL,
	"due_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "file_texts" (
	"content_hash" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"text" text DEFAULT '' NOT NULL,
	"cut" boolean DEFAULT false NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"reader_version" bigint NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "text_queue" (
	"message_id" text NOT NULL,
	"position" bigint NOT NULL,
	"tries" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "text_queue_message_id_position_pk" PRIMARY KEY("message_id","position")
);
--> statement-breakpoint
ALTER TABLE "issues" ADD COLUMN "discarded_at" bigint;--> statement-breakpoint
ALTER TABLE "attachments" ADD COLUMN "content_hash" text;--> statement-breakpoint
ALTER TABLE "webhook_calls" ADD COLUMN "tried_at" bigint;--> statement-breakpoint
ALTER TABLE "webhook_calls" ADD COLUMN "status" bigint;--> statement-breakpoint
ALTER TABLE "webhook_calls" ADD COLUMN "replay_of" text;--> statement-breakpoint
ALTER TABLE "departures" ADD CONSTRAINT "departures_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departures" ADD CONSTRAINT "departures_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "text_queue" ADD CONSTRAINT "text_queue_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "departures_message" ON "departures" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "spare_blobs_due" ON "spare_blobs" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "issues_discarded" ON "issues" USING btree ("status","discarded_at","id") WHERE "issues"."discarded_at" is not null;--> statement-breakpoint
CREATE INDEX "issues_merged" ON "issues" USING btree ("merged_into_id") WHERE "issues"."merged_into_id" is not null;--> statement-breakpoint
CREATE INDEX "seen_issue" ON "seen" USING btree ("issue_id");--> statement-breakpoint
CREATE INDEX "attachments_content" ON "attachments" USING btree ("content_hash") WHERE "attachments"."content_hash" is not null;--> statement-breakpoint
CREATE INDEX "message_ids_message" ON "message_ids" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "message_references_message" ON "message_references" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "notification_mails_issue" ON "notification_mails" USING btree ("issue_id");--> statement-breakpoint
CREATE INDEX "notifications_issue" ON "notifications" USING btree ("issue_id");--> statement-breakpoint
CREATE INDEX "rule_firings_issue" ON "rule_firings" USING btree ("issue_id");--> statement-breakpoint
CREATE INDEX "webhook_calls_age" ON "webhook_calls" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "reminders_message" ON "reminders" USING btree ("message_id");
--> statement-breakpoint
-- What is out of sight already counts from its last change.
UPDATE "issues" SET "discarded_at" = "updated_at" WHERE "status" IN ('spam', 'trash');
