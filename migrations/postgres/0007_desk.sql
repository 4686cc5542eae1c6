CREATE TABLE "followers" (
	"issue_id" text NOT NULL,
	"member_id" text NOT NULL,
	"state" text NOT NULL,
	"reason" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "followers_issue_id_member_id_pk" PRIMARY KEY("issue_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "issue_tags" (
	"issue_id" text NOT NULL,
	"tag_id" text NOT NULL,
	"status" text NOT NULL,
	"listed_at" bigint NOT NULL,
	CONSTRAINT "issue_tags_issue_id_tag_id_pk" PRIMARY KEY("issue_id","tag_id")
);
--> statement-breakpoint
CREATE TABLE "mentions" (
	"note_id" text NOT NULL,
	"member_id" text NOT NULL,
	"issue_id" text NOT NULL,
	"team_id" text,
	"at" bigint NOT NULL,
	CONSTRAINT "mentions_note_id_member_id_pk" PRIMARY KEY("note_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "tags" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"folded" text NOT NULL,
	"colour" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "tags_folded_unique" UNIQUE("folded")
);
--> statement-breakpoint
CREATE TABLE "views" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"oldest_first" boolean DEFAULT false NOT NULL,
	"owner_id" text,
	"position" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
DROP INDEX "issues_status";--> statement-breakpoint
DROP INDEX "issues_mailbox";--> statement-breakpoint
DROP INDEX "issues_assignee";--> statement-breakpoint
DROP INDEX "issues_team";--> statement-breakpoint
ALTER TABLE "issues" ADD COLUMN "listed_at" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "issues" SET "listed_at" = "last_message_at";--> statement-breakpoint
UPDATE "issues" SET "waiting_since" = "last_message_at" WHERE "status" IN ('new', 'open') AND "waiting_since" IS NULL;--> statement-breakpoint
ALTER TABLE "issues" ADD COLUMN "snoozed_until" bigint;--> statement-breakpoint
ALTER TABLE "issues" ADD COLUMN "wakes_on_reply" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "issues" ADD COLUMN "snoozed_from" jsonb;--> statement-breakpoint
ALTER TABLE "issues" ADD COLUMN "tag_ids" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "mailboxes" ADD COLUMN "assign_on_reply" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "mailboxes" ADD COLUMN "working_hours" jsonb;--> statement-breakpoint
ALTER TABLE "followers" ADD CONSTRAINT "followers_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "followers" ADD CONSTRAINT "followers_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issue_tags" ADD CONSTRAINT "issue_tags_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issue_tags" ADD CONSTRAINT "issue_tags_tag_id_tags_id_fk" FOREIGN KEY ("tag_id") REFERENCES "public"."tags"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_note_id_notes_id_fk" FOREIGN KEY ("note_id") REFERENCES "public"."notes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "views" ADD CONSTRAINT "views_owner_id_members_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "followers_member" ON "followers" USING btree ("member_id","issue_id");--> statement-breakpoint
CREATE INDEX "issue_tags_list" ON "issue_tags" USING btree ("tag_id","status","listed_at","issue_id");--> statement-breakpoint
CREATE INDEX "mentions_member" ON "mentions" USING btree ("member_id","at");--> statement-breakpoint
CREATE INDEX "mentions_issue" ON "mentions" USING btree ("issue_id");--> statement-breakpoint
CREATE INDEX "views_owner" ON "views" USING btree ("owner_id","position");--> statement-breakpoint
CREATE INDEX "issues_waiting" ON "issues" USING btree ("status","waiting_since","id") WHERE "issues"."waiting_since" is not null;--> statement-breakpoint
CREATE INDEX "issues_waiting_mailbox" ON "issues" USING btree ("mailbox_id","status","waiting_since","id") WHERE "issues"."waiting_since" is not null;--> statement-breakpoint
CREATE INDEX "issues_waiting_assignee" ON "issues" USING btree ("assignee_id","status","waiting_since","id") WHERE "issues"."waiting_since" is not null;--> statement-breakpoint
CREATE INDEX "issues_waiting_team" ON "issues" USING btree ("team_id","status","waiting_since","id") WHERE "issues"."waiting_since" is not null;--> statement-breakpoint
CREATE INDEX "issues_snoozed" ON "issues" USING btree ("status","snoozed_until","id") WHERE "issues"."snoozed_until" is not null;--> statement-breakpoint
CREATE INDEX "issues_snoozed_mailbox" ON "issues" USING btree ("mailbox_id","status","snoozed_until","id") WHERE "issues"."snoozed_until" is not null;--> statement-breakpoint
CREATE INDEX "issues_status" ON "issues" USING btree ("status","listed_at","id");--> statement-breakpoint
CREATE INDEX "issues_mailbox" ON "issues" USING btree ("mailbox_id","status","listed_at","id");--> statement-breakpoint
CREATE INDEX "issues_assignee" ON "issues" USING btree ("assignee_id","status","listed_at","id");--> statement-breakpoint
CREATE INDEX "issues_team" ON "issues" USING btree ("team_id","status","listed_at","id");--> statement-breakpoint
INSERT INTO "views" ("id", "name", "query", "oldest_first", "owner_id", "position", "created_at")
VALUES ('019aa000-0000-7000-8000-000000000001', 'No reply in 2 days', 'waiting:>2d', true, NULL, 1, 0);
