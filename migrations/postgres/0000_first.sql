CREATE TABLE "access_tokens" (
	"mailbox_id" text NOT NULL,
	"use" text NOT NULL,
	"token" text NOT NULL,
	"renew_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "access_tokens_mailbox_id_use_pk" PRIMARY KEY("mailbox_id","use")
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"member_id" text NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"read_only" boolean NOT NULL,
	"created_at" bigint NOT NULL,
	"last_used_at" bigint,
	"expires_at" bigint,
	CONSTRAINT "api_tokens_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "attachments" (
	"message_id" text NOT NULL,
	"position" bigint NOT NULL,
	"filename" text NOT NULL,
	"content_type" text NOT NULL,
	"size" bigint NOT NULL,
	"content_id" text,
	"inline" boolean NOT NULL,
	CONSTRAINT "attachments_message_id_position_pk" PRIMARY KEY("message_id","position")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"key" text PRIMARY KEY NOT NULL,
	"n" bigint NOT NULL,
	"reset_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bodies" (
	"message_id" text PRIMARY KEY NOT NULL,
	"text" text NOT NULL,
	"quoted_from" bigint,
	"has_html" boolean NOT NULL,
	"rich" boolean NOT NULL,
	"html" text,
	"html_version" bigint,
	"remote_count" bigint
);
--> statement-breakpoint
CREATE TABLE "counts" (
	"mailbox_id" text NOT NULL,
	"status" text NOT NULL,
	"assignee" text NOT NULL,
	"n" bigint NOT NULL,
	CONSTRAINT "counts_mailbox_id_status_assignee_pk" PRIMARY KEY("mailbox_id","status","assignee")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"mailbox_id" text NOT NULL,
	"folder_id" text NOT NULL,
	"uid_validity" text NOT NULL,
	"uid" bigint NOT NULL,
	"raw_hash" text NOT NULL,
	"size" bigint NOT NULL,
	"cut" text,
	"whole_size" bigint,
	"internal_at" bigint NOT NULL,
	"fetched_at" bigint NOT NULL,
	"state" text NOT NULL,
	"tries" bigint DEFAULT 0 NOT NULL,
	"error" text,
	"message_id" text,
	"gone_at" bigint,
	"parser_version" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" text PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"action" text NOT NULL,
	"member_id" text,
	"mailbox_id" text,
	"issue_id" text,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "folders" (
	"id" text PRIMARY KEY NOT NULL,
	"mailbox_id" text NOT NULL,
	"path" text NOT NULL,
	"role" text NOT NULL,
	"uid_validity" text DEFAULT '' NOT NULL,
	"start_uid" bigint DEFAULT 0 NOT NULL,
	"last_uid" bigint DEFAULT 0 NOT NULL,
	"to_come" bigint,
	"to_come_at_first" bigint DEFAULT 0 NOT NULL,
	"come_per_minute" bigint,
	"counted_since_at" bigint,
	"left_alone" bigint DEFAULT 0 NOT NULL,
	"server_count" bigint,
	"looked_at" bigint,
	"checked_at" bigint,
	"found_missing" bigint DEFAULT 0 NOT NULL,
	"found_gone" bigint DEFAULT 0 NOT NULL,
	"missing_at" bigint
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" text PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"email" text,
	"name" text DEFAULT '' NOT NULL,
	"role" text NOT NULL,
	"team_ids" jsonb NOT NULL,
	"invited_by_id" text,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"accepted_at" bigint,
	CONSTRAINT "invitations_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "issues" (
	"id" text PRIMARY KEY NOT NULL,
	"mailbox_id" text NOT NULL,
	"number" bigint NOT NULL,
	"subject" text NOT NULL,
	"status" text NOT NULL,
	"done_reason" text,
	"assignee_id" text,
	"team_id" text,
	"contact_name" text NOT NULL,
	"contact_address" text NOT NULL,
	"last_from" text DEFAULT '' NOT NULL,
	"snippet" text DEFAULT '' NOT NULL,
	"last_direction" text NOT NULL,
	"message_count" bigint DEFAULT 0 NOT NULL,
	"has_attachments" boolean DEFAULT false NOT NULL,
	"sending" text,
	"last_message_at" bigint NOT NULL,
	"waiting_since" bigint,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"until" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mailbox_sign_ins" (
	"state_hash" text PRIMARY KEY NOT NULL,
	"mailbox_id" text NOT NULL,
	"member_id" text NOT NULL,
	"verifier" text NOT NULL,
	"redirect_uri" text NOT NULL,
	"expires_at" bigint NOT NULL,
	"used_at" bigint,
	"trouble" text,
	"detail" text
);
--> statement-breakpoint
CREATE TABLE "mailbox_teams" (
	"mailbox_id" text NOT NULL,
	"team_id" text NOT NULL,
	CONSTRAINT "mailbox_teams_mailbox_id_team_id_pk" PRIMARY KEY("mailbox_id","team_id")
);
--> statement-breakpoint
CREATE TABLE "mailboxes" (
	"id" text PRIMARY KEY NOT NULL,
	"address" text NOT NULL,
	"name" text NOT NULL,
	"aliases" jsonb NOT NULL,
	"open_to_all" boolean NOT NULL,
	"imap_host" text NOT NULL,
	"imap_port" bigint NOT NULL,
	"imap_security" text NOT NULL,
	"imap_user" text NOT NULL,
	"imap_password" text NOT NULL,
	"smtp_host" text NOT NULL,
	"smtp_port" bigint NOT NULL,
	"smtp_security" text NOT NULL,
	"smtp_user" text NOT NULL,
	"smtp_password" text NOT NULL,
	"auth" text DEFAULT 'password' NOT NULL,
	"oauth" jsonb,
	"oauth_secret" text DEFAULT '' NOT NULL,
	"oauth_refresh_token" text DEFAULT '' NOT NULL,
	"oauth_account" text DEFAULT '' NOT NULL,
	"send_by" text DEFAULT 'smtp' NOT NULL,
	"sent_copy" text NOT NULL,
	"since_at" bigint,
	"sent_folder" text DEFAULT '' NOT NULL,
	"more_folders" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"write_back" jsonb,
	"paused" boolean DEFAULT false NOT NULL,
	"last_number" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL,
	"changed_at" bigint NOT NULL,
	CONSTRAINT "mailboxes_address_unique" UNIQUE("address")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"password_hash" text,
	"disabled_at" bigint,
	"created_at" bigint NOT NULL,
	CONSTRAINT "members_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "message_ids" (
	"internet_message_id" text NOT NULL,
	"message_id" text NOT NULL,
	CONSTRAINT "message_ids_internet_message_id_message_id_pk" PRIMARY KEY("internet_message_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "message_references" (
	"internet_message_id" text NOT NULL,
	"message_id" text NOT NULL,
	"parent" boolean NOT NULL,
	CONSTRAINT "message_references_internet_message_id_message_id_pk" PRIMARY KEY("internet_message_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text PRIMARY KEY NOT NULL,
	"mailbox_id" text NOT NULL,
	"thread_id" text NOT NULL,
	"direction" text NOT NULL,
	"writer" text NOT NULL,
	"internet_message_id" text NOT NULL,
	"content_hash" text NOT NULL,
	"raw_hash" text,
	"size" bigint NOT NULL,
	"subject" text NOT NULL,
	"from_name" text NOT NULL,
	"from_address" text NOT NULL,
	"to" jsonb NOT NULL,
	"cc" jsonb NOT NULL,
	"bcc" jsonb NOT NULL,
	"reply_to" jsonb NOT NULL,
	"in_reply_to" text,
	"references" jsonb NOT NULL,
	"sent_at" bigint,
	"at" bigint NOT NULL,
	"snippet" text NOT NULL,
	"attachment_count" bigint DEFAULT 0 NOT NULL,
	"flaws" jsonb NOT NULL,
	"extras" jsonb NOT NULL,
	"author_id" text,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notes" (
	"id" text PRIMARY KEY NOT NULL,
	"issue_id" text NOT NULL,
	"member_id" text NOT NULL,
	"text" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"message_id" text PRIMARY KEY NOT NULL,
	"mailbox_id" text NOT NULL,
	"issue_id" text NOT NULL,
	"state" text NOT NULL,
	"due_at" bigint NOT NULL,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"owner" text,
	"owned_until" bigint,
	"recipients" jsonb NOT NULL,
	"response" text,
	"trouble" text,
	"rejected" jsonb NOT NULL,
	"accepted_at" bigint,
	"copy" text NOT NULL,
	"copy_error" text,
	"copy_tries" bigint DEFAULT 0 NOT NULL,
	"held" jsonb,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "search_docs" (
	"n" bigint PRIMARY KEY NOT NULL,
	"message_id" text NOT NULL,
	CONSTRAINT "search_docs_messageId_unique" UNIQUE("message_id")
);
--> statement-breakpoint
CREATE TABLE "search_queue" (
	"message_id" text PRIMARY KEY NOT NULL,
	"times" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "seen" (
	"member_id" text NOT NULL,
	"issue_id" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "seen_member_id_issue_id_pk" PRIMARY KEY("member_id","issue_id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"previous_token_hash" text,
	"rotated_at" bigint NOT NULL,
	"member_id" text NOT NULL,
	"created_at" bigint NOT NULL,
	"last_seen_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"address" text NOT NULL,
	"user_agent" text NOT NULL,
	CONSTRAINT "sessions_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "team_members" (
	"team_id" text NOT NULL,
	"member_id" text NOT NULL,
	CONSTRAINT "team_members_team_id_member_id_pk" PRIMARY KEY("team_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "teams" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "teams_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "threads" (
	"id" text PRIMARY KEY NOT NULL,
	"mailbox_id" text NOT NULL,
	"issue_id" text NOT NULL,
	"subject" text NOT NULL,
	"apart" boolean DEFAULT false NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "traffic" (
	"mailbox_id" text NOT NULL,
	"day" text NOT NULL,
	"received" bigint DEFAULT 0 NOT NULL,
	"sent" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "traffic_mailbox_id_day_pk" PRIMARY KEY("mailbox_id","day")
);
--> statement-breakpoint
CREATE TABLE "turn" (
	"id" bigint PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"id" text PRIMARY KEY NOT NULL,
	"member_id" text NOT NULL,
	"filename" text NOT NULL,
	"content_type" text NOT NULL,
	"size" bigint NOT NULL,
	"blob_hash" text NOT NULL,
	"message_id" text,
	"position" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "watches" (
	"mailbox_id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"since" bigint NOT NULL,
	"trouble" text,
	"detail" text,
	"synced_at" bigint,
	"failures" bigint DEFAULT 0 NOT NULL,
	"next_try_at" bigint
);
--> statement-breakpoint
CREATE TABLE "write_backs" (
	"id" text PRIMARY KEY NOT NULL,
	"mailbox_id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"act" text NOT NULL,
	"due_at" bigint,
	"tries" bigint DEFAULT 0 NOT NULL,
	"error" text,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bodies" ADD CONSTRAINT "bodies_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "counts" ADD CONSTRAINT "counts_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_folder_id_folders_id_fk" FOREIGN KEY ("folder_id") REFERENCES "public"."folders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "folders" ADD CONSTRAINT "folders_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_id_members_id_fk" FOREIGN KEY ("invited_by_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issues" ADD CONSTRAINT "issues_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issues" ADD CONSTRAINT "issues_assignee_id_members_id_fk" FOREIGN KEY ("assignee_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issues" ADD CONSTRAINT "issues_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailbox_sign_ins" ADD CONSTRAINT "mailbox_sign_ins_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailbox_sign_ins" ADD CONSTRAINT "mailbox_sign_ins_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailbox_teams" ADD CONSTRAINT "mailbox_teams_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailbox_teams" ADD CONSTRAINT "mailbox_teams_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_ids" ADD CONSTRAINT "message_ids_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_references" ADD CONSTRAINT "message_references_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_thread_id_threads_id_fk" FOREIGN KEY ("thread_id") REFERENCES "public"."threads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_author_id_members_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notes" ADD CONSTRAINT "notes_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notes" ADD CONSTRAINT "notes_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "search_docs" ADD CONSTRAINT "search_docs_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "search_queue" ADD CONSTRAINT "search_queue_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seen" ADD CONSTRAINT "seen_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seen" ADD CONSTRAINT "seen_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "threads" ADD CONSTRAINT "threads_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "threads" ADD CONSTRAINT "threads_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "traffic" ADD CONSTRAINT "traffic_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watches" ADD CONSTRAINT "watches_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "write_backs" ADD CONSTRAINT "write_backs_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "write_backs" ADD CONSTRAINT "write_backs_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_tokens_member" ON "api_tokens" USING btree ("member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_once" ON "deliveries" USING btree ("folder_id","uid_validity","uid");--> statement-breakpoint
CREATE INDEX "deliveries_state" ON "deliveries" USING btree ("mailbox_id","state","id");--> statement-breakpoint
CREATE INDEX "deliveries_message" ON "deliveries" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "events_issue" ON "events" USING btree ("issue_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "folders_path" ON "folders" USING btree ("mailbox_id","path");--> statement-breakpoint
CREATE UNIQUE INDEX "issues_number" ON "issues" USING btree ("mailbox_id","number");--> statement-breakpoint
CREATE INDEX "issues_status" ON "issues" USING btree ("status","last_message_at","id");--> statement-breakpoint
CREATE INDEX "issues_mailbox" ON "issues" USING btree ("mailbox_id","status","last_message_at","id");--> statement-breakpoint
CREATE INDEX "issues_assignee" ON "issues" USING btree ("assignee_id","status","last_message_at","id");--> statement-breakpoint
CREATE INDEX "issues_team" ON "issues" USING btree ("team_id","status","last_message_at","id");--> statement-breakpoint
CREATE INDEX "mailbox_teams_team" ON "mailbox_teams" USING btree ("team_id");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_once" ON "messages" USING btree ("mailbox_id","internet_message_id","content_hash");--> statement-breakpoint
CREATE INDEX "messages_thread" ON "messages" USING btree ("thread_id","at","id");--> statement-breakpoint
CREATE INDEX "messages_internet_id" ON "messages" USING btree ("internet_message_id");--> statement-breakpoint
CREATE INDEX "notes_issue" ON "notes" USING btree ("issue_id","at");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("state","due_at");--> statement-breakpoint
CREATE INDEX "outbox_copy" ON "outbox" USING btree ("copy","due_at");--> statement-breakpoint
CREATE INDEX "outbox_issue" ON "outbox" USING btree ("issue_id");--> statement-breakpoint
CREATE INDEX "sessions_member" ON "sessions" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "sessions_previous" ON "sessions" USING btree ("previous_token_hash");--> statement-breakpoint
CREATE INDEX "team_members_member" ON "team_members" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "threads_issue" ON "threads" USING btree ("issue_id");--> statement-breakpoint
CREATE INDEX "uploads_member" ON "uploads" USING btree ("member_id","message_id");--> statement-breakpoint
CREATE INDEX "uploads_message" ON "uploads" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "uploads_age" ON "uploads" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "write_backs_once" ON "write_backs" USING btree ("delivery_id","act");--> statement-breakpoint
CREATE INDEX "write_backs_due" ON "write_backs" USING btree ("mailbox_id","due_at");