CREATE TABLE "automatic_sends" (
	"id" text PRIMARY KEY NOT NULL,
	"mailbox_id" text NOT NULL,
	"recipient" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reminders" (
	"id" text PRIMARY KEY NOT NULL,
	"issue_id" text NOT NULL,
	"member_id" text NOT NULL,
	"message_id" text,
	"due_at" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"over_at" bigint
);
--> statement-breakpoint
CREATE TABLE "send_tests" (
	"id" text PRIMARY KEY NOT NULL,
	"mailbox_id" text NOT NULL,
	"state" text NOT NULL,
	"started_at" bigint NOT NULL,
	"sent_at" bigint,
	"back_after_ms" bigint,
	"folder" text,
	"results" jsonb NOT NULL,
	"trouble" text,
	"detail" text
);
--> statement-breakpoint
CREATE TABLE "saved_replies" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"member_id" text,
	"team_id" text,
	"language" text DEFAULT '' NOT NULL,
	"html" text NOT NULL,
	"text" text NOT NULL,
	"uses" bigint DEFAULT 0 NOT NULL,
	"used_at" bigint,
	"changed_by_id" text,
	"created_at" bigint NOT NULL,
	"changed_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saved_reply_files" (
	"id" text PRIMARY KEY NOT NULL,
	"saved_reply_id" text NOT NULL,
	"position" bigint NOT NULL,
	"filename" text NOT NULL,
	"content_type" text NOT NULL,
	"size" bigint NOT NULL,
	"blob_hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signatures" (
	"id" text PRIMARY KEY NOT NULL,
	"mailbox_id" text,
	"member_id" text,
	"language" text DEFAULT '' NOT NULL,
	"html" text NOT NULL,
	"text" text NOT NULL,
	"changed_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "mailboxes" ADD COLUMN "mails_per_minute" bigint;--> statement-breakpoint
ALTER TABLE "mailboxes" ADD COLUMN "acknowledgement" jsonb;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "held_ms" bigint;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "scheduled_at" bigint;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "tried_at" bigint;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "automatic" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "automatic_sends" ADD CONSTRAINT "automatic_sends_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "send_tests" ADD CONSTRAINT "send_tests_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_replies" ADD CONSTRAINT "saved_replies_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_replies" ADD CONSTRAINT "saved_replies_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_replies" ADD CONSTRAINT "saved_replies_changed_by_id_members_id_fk" FOREIGN KEY ("changed_by_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_reply_files" ADD CONSTRAINT "saved_reply_files_saved_reply_id_saved_replies_id_fk" FOREIGN KEY ("saved_reply_id") REFERENCES "public"."saved_replies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signatures" ADD CONSTRAINT "signatures_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signatures" ADD CONSTRAINT "signatures_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "automatic_sends_recipient" ON "automatic_sends" USING btree ("recipient","at");--> statement-breakpoint
CREATE INDEX "automatic_sends_at" ON "automatic_sends" USING btree ("at");--> statement-breakpoint
CREATE INDEX "reminders_due" ON "reminders" USING btree ("over_at","due_at");--> statement-breakpoint
CREATE INDEX "reminders_issue" ON "reminders" USING btree ("issue_id","over_at");--> statement-breakpoint
CREATE INDEX "send_tests_mailbox" ON "send_tests" USING btree ("mailbox_id","started_at");--> statement-breakpoint
CREATE INDEX "saved_replies_member" ON "saved_replies" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "saved_replies_team" ON "saved_replies" USING btree ("team_id");--> statement-breakpoint
CREATE INDEX "saved_reply_files_reply" ON "saved_reply_files" USING btree ("saved_reply_id","position");--> statement-breakpoint
CREATE INDEX "signatures_mailbox" ON "signatures" USING btree ("mailbox_id");--> statement-breakpoint
CREATE INDEX "signatures_member" ON "signatures" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "outbox_tried" ON "outbox" USING btree ("mailbox_id","tried_at");--> statement-breakpoint
CREATE INDEX "outbox_scheduled" ON "outbox" USING btree ("state","scheduled_at");