CREATE TABLE `access_tokens` (
	`mailbox_id` text NOT NULL,
	`use` text NOT NULL,
	`token` text NOT NULL,
	`renew_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`mailbox_id`, `use`),
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `api_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`name` text NOT NULL,
	`token_hash` text NOT NULL,
	`read_only` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`expires_at` integer,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_tokenHash_unique` ON `api_tokens` (`token_hash`);--> statement-breakpoint
CREATE INDEX `api_tokens_member` ON `api_tokens` (`member_id`);--> statement-breakpoint
CREATE TABLE `attachments` (
	`message_id` text NOT NULL,
	`position` integer NOT NULL,
	`filename` text NOT NULL,
	`content_type` text NOT NULL,
	`size` integer NOT NULL,
	`content_id` text,
	`inline` integer NOT NULL,
	PRIMARY KEY(`message_id`, `position`),
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `attempts` (
	`key` text PRIMARY KEY NOT NULL,
	`n` integer NOT NULL,
	`reset_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `bodies` (
	`message_id` text PRIMARY KEY NOT NULL,
	`text` text NOT NULL,
	`quoted_from` integer,
	`has_html` integer NOT NULL,
	`rich` integer NOT NULL,
	`html` text,
	`html_version` integer,
	`remote_count` integer,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `counts` (
	`mailbox_id` text NOT NULL,
	`status` text NOT NULL,
	`assignee` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`mailbox_id`, `status`, `assignee`),
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`mailbox_id` text NOT NULL,
	`folder_id` text NOT NULL,
	`uid_validity` text NOT NULL,
	`uid` integer NOT NULL,
	`raw_hash` text NOT NULL,
	`size` integer NOT NULL,
	`cut` text,
	`whole_size` integer,
	`internal_at` integer NOT NULL,
	`fetched_at` integer NOT NULL,
	`state` text NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`error` text,
	`message_id` text,
	`gone_at` integer,
	`parser_version` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`folder_id`) REFERENCES `folders`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_once` ON `deliveries` (`folder_id`,`uid_validity`,`uid`);--> statement-breakpoint
CREATE INDEX `deliveries_state` ON `deliveries` (`mailbox_id`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_message` ON `deliveries` (`message_id`);--> statement-breakpoint
CREATE TABLE `events` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`action` text NOT NULL,
	`member_id` text,
	`mailbox_id` text,
	`issue_id` text,
	`detail` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `events_issue` ON `events` (`issue_id`,`id`);--> statement-breakpoint
CREATE TABLE `folders` (
	`id` text PRIMARY KEY NOT NULL,
	`mailbox_id` text NOT NULL,
	`path` text NOT NULL,
	`role` text NOT NULL,
	`uid_validity` text DEFAULT '' NOT NULL,
	`start_uid` integer DEFAULT 0 NOT NULL,
	`last_uid` integer DEFAULT 0 NOT NULL,
	`to_come` integer,
	`to_come_at_first` integer DEFAULT 0 NOT NULL,
	`come_per_minute` integer,
	`counted_since_at` integer,
	`left_alone` integer DEFAULT 0 NOT NULL,
	`server_count` integer,
	`looked_at` integer,
	`checked_at` integer,
	`found_missing` integer DEFAULT 0 NOT NULL,
	`found_gone` integer DEFAULT 0 NOT NULL,
	`missing_at` integer,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `folders_path` ON `folders` (`mailbox_id`,`path`);--> statement-breakpoint
CREATE TABLE `invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`email` text,
	`name` text DEFAULT '' NOT NULL,
	`role` text NOT NULL,
	`team_ids` text NOT NULL,
	`invited_by_id` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`accepted_at` integer,
	FOREIGN KEY (`invited_by_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_tokenHash_unique` ON `invitations` (`token_hash`);--> statement-breakpoint
CREATE TABLE `issues` (
	`id` text PRIMARY KEY NOT NULL,
	`mailbox_id` text NOT NULL,
	`number` integer NOT NULL,
	`subject` text NOT NULL,
	`status` text NOT NULL,
	`done_reason` text,
	`assignee_id` text,
	`team_id` text,
	`contact_name` text NOT NULL,
	`contact_address` text NOT NULL,
	`last_from` text DEFAULT '' NOT NULL,
	`snippet` text DEFAULT '' NOT NULL,
	`last_direction` text NOT NULL,
	`message_count` integer DEFAULT 0 NOT NULL,
	`has_attachments` integer DEFAULT false NOT NULL,
	`sending` text,
	`last_message_at` integer NOT NULL,
	`waiting_since` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`assignee_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `issues_number` ON `issues` (`mailbox_id`,`number`);--> statement-breakpoint
CREATE INDEX `issues_status` ON `issues` (`status`,`last_message_at`,`id`);--> statement-breakpoint
CREATE INDEX `issues_mailbox` ON `issues` (`mailbox_id`,`status`,`last_message_at`,`id`);--> statement-breakpoint
CREATE INDEX `issues_assignee` ON `issues` (`assignee_id`,`status`,`last_message_at`,`id`);--> statement-breakpoint
CREATE INDEX `issues_team` ON `issues` (`team_id`,`status`,`last_message_at`,`id`);--> statement-breakpoint
CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`until` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `mailbox_sign_ins` (
	`state_hash` text PRIMARY KEY NOT NULL,
	`mailbox_id` text NOT NULL,
	`member_id` text NOT NULL,
	`verifier` text NOT NULL,
	`redirect_uri` text NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	`trouble` text,
	`detail` text,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `mailbox_teams` (
	`mailbox_id` text NOT NULL,
	`team_id` text NOT NULL,
	PRIMARY KEY(`mailbox_id`, `team_id`),
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `mailbox_teams_team` ON `mailbox_teams` (`team_id`);--> statement-breakpoint
CREATE TABLE `mailboxes` (
	`id` text PRIMARY KEY NOT NULL,
	`address` text NOT NULL,
	`name` text NOT NULL,
	`aliases` text NOT NULL,
	`open_to_all` integer NOT NULL,
	`imap_host` text NOT NULL,
	`imap_port` integer NOT NULL,
	`imap_security` text NOT NULL,
	`imap_user` text NOT NULL,
	`imap_password` text NOT NULL,
	`smtp_host` text NOT NULL,
	`smtp_port` integer NOT NULL,
	`smtp_security` text NOT NULL,
	`smtp_user` text NOT NULL,
	`smtp_password` text NOT NULL,
	`auth` text DEFAULT 'password' NOT NULL,
	`oauth` text,
	`oauth_secret` text DEFAULT '' NOT NULL,
	`oauth_refresh_token` text DEFAULT '' NOT NULL,
	`oauth_account` text DEFAULT '' NOT NULL,
	`send_by` text DEFAULT 'smtp' NOT NULL,
	`sent_copy` text NOT NULL,
	`since_at` integer,
	`sent_folder` text DEFAULT '' NOT NULL,
	`more_folders` text DEFAULT '[]' NOT NULL,
	`write_back` text,
	`paused` integer DEFAULT false NOT NULL,
	`last_number` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `mailboxes_address_unique` ON `mailboxes` (`address`);--> statement-breakpoint
CREATE TABLE `members` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`password_hash` text,
	`disabled_at` integer,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `members_email_unique` ON `members` (`email`);--> statement-breakpoint
CREATE TABLE `message_ids` (
	`internet_message_id` text NOT NULL,
	`message_id` text NOT NULL,
	PRIMARY KEY(`internet_message_id`, `message_id`),
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `message_references` (
	`internet_message_id` text NOT NULL,
	`message_id` text NOT NULL,
	`parent` integer NOT NULL,
	PRIMARY KEY(`internet_message_id`, `message_id`),
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `messages` (
	`id` text PRIMARY KEY NOT NULL,
	`mailbox_id` text NOT NULL,
	`thread_id` text NOT NULL,
	`direction` text NOT NULL,
	`writer` text NOT NULL,
	`internet_message_id` text NOT NULL,
	`content_hash` text NOT NULL,
	`raw_hash` text,
	`size` integer NOT NULL,
	`subject` text NOT NULL,
	`from_name` text NOT NULL,
	`from_address` text NOT NULL,
	`to` text NOT NULL,
	`cc` text NOT NULL,
	`bcc` text NOT NULL,
	`reply_to` text NOT NULL,
	`in_reply_to` text,
	`references` text NOT NULL,
	`sent_at` integer,
	`at` integer NOT NULL,
	`snippet` text NOT NULL,
	`attachment_count` integer DEFAULT 0 NOT NULL,
	`flaws` text NOT NULL,
	`extras` text NOT NULL,
	`author_id` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`thread_id`) REFERENCES `threads`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`author_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_once` ON `messages` (`mailbox_id`,`internet_message_id`,`content_hash`);--> statement-breakpoint
CREATE INDEX `messages_thread` ON `messages` (`thread_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `messages_internet_id` ON `messages` (`internet_message_id`);--> statement-breakpoint
CREATE TABLE `notes` (
	`id` text PRIMARY KEY NOT NULL,
	`issue_id` text NOT NULL,
	`member_id` text NOT NULL,
	`text` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `notes_issue` ON `notes` (`issue_id`,`at`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`message_id` text PRIMARY KEY NOT NULL,
	`mailbox_id` text NOT NULL,
	`issue_id` text NOT NULL,
	`state` text NOT NULL,
	`due_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`owner` text,
	`owned_until` integer,
	`recipients` text NOT NULL,
	`response` text,
	`trouble` text,
	`rejected` text NOT NULL,
	`accepted_at` integer,
	`copy` text NOT NULL,
	`copy_error` text,
	`copy_tries` integer DEFAULT 0 NOT NULL,
	`held` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `outbox_copy` ON `outbox` (`copy`,`due_at`);--> statement-breakpoint
CREATE INDEX `outbox_issue` ON `outbox` (`issue_id`);--> statement-breakpoint
CREATE TABLE `search_docs` (
	`n` integer PRIMARY KEY NOT NULL,
	`message_id` text NOT NULL,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `search_docs_messageId_unique` ON `search_docs` (`message_id`);--> statement-breakpoint
CREATE TABLE `search_queue` (
	`message_id` text PRIMARY KEY NOT NULL,
	`times` integer DEFAULT 1 NOT NULL,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `seen` (
	`member_id` text NOT NULL,
	`issue_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`member_id`, `issue_id`),
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`previous_token_hash` text,
	`rotated_at` integer NOT NULL,
	`member_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`address` text NOT NULL,
	`user_agent` text NOT NULL,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_tokenHash_unique` ON `sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `sessions_member` ON `sessions` (`member_id`);--> statement-breakpoint
CREATE INDEX `sessions_previous` ON `sessions` (`previous_token_hash`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `team_members` (
	`team_id` text NOT NULL,
	`member_id` text NOT NULL,
	PRIMARY KEY(`team_id`, `member_id`),
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `team_members_member` ON `team_members` (`member_id`);--> statement-breakpoint
CREATE TABLE `teams` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `teams_name_unique` ON `teams` (`name`);--> statement-breakpoint
CREATE TABLE `threads` (
	`id` text PRIMARY KEY NOT NULL,
	`mailbox_id` text NOT NULL,
	`issue_id` text NOT NULL,
	`subject` text NOT NULL,
	`apart` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `threads_issue` ON `threads` (`issue_id`);--> statement-breakpoint
CREATE TABLE `traffic` (
	`mailbox_id` text NOT NULL,
	`day` text NOT NULL,
	`received` integer DEFAULT 0 NOT NULL,
	`sent` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`mailbox_id`, `day`),
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `turn` (
	`id` integer PRIMARY KEY NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `uploads` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`filename` text NOT NULL,
	`content_type` text NOT NULL,
	`size` integer NOT NULL,
	`blob_hash` text NOT NULL,
	`message_id` text,
	`position` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE set null
) STRICT;
--> statement-breakpoint
CREATE INDEX `uploads_member` ON `uploads` (`member_id`,`message_id`);--> statement-breakpoint
CREATE INDEX `uploads_message` ON `uploads` (`message_id`);--> statement-breakpoint
CREATE INDEX `uploads_age` ON `uploads` (`created_at`);--> statement-breakpoint
CREATE TABLE `watches` (
	`mailbox_id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`since` integer NOT NULL,
	`trouble` text,
	`detail` text,
	`synced_at` integer,
	`failures` integer DEFAULT 0 NOT NULL,
	`next_try_at` integer,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `write_backs` (
	`id` text PRIMARY KEY NOT NULL,
	`mailbox_id` text NOT NULL,
	`delivery_id` text NOT NULL,
	`act` text NOT NULL,
	`due_at` integer,
	`tries` integer DEFAULT 0 NOT NULL,
	`error` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`delivery_id`) REFERENCES `deliveries`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `write_backs_once` ON `write_backs` (`delivery_id`,`act`);--> statement-breakpoint
CREATE INDEX `write_backs_due` ON `write_backs` (`mailbox_id`,`due_at`);