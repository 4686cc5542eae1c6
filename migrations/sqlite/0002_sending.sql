CREATE TABLE `automatic_sends` (
	`id` text PRIMARY KEY NOT NULL,
	`mailbox_id` text NOT NULL,
	`recipient` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `automatic_sends_recipient` ON `automatic_sends` (`recipient`,`at`);--> statement-breakpoint
CREATE INDEX `automatic_sends_at` ON `automatic_sends` (`at`);--> statement-breakpoint
CREATE TABLE `reminders` (
	`id` text PRIMARY KEY NOT NULL,
	`issue_id` text NOT NULL,
	`member_id` text NOT NULL,
	`message_id` text,
	`due_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`over_at` integer,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `reminders_due` ON `reminders` (`over_at`,`due_at`);--> statement-breakpoint
CREATE INDEX `reminders_issue` ON `reminders` (`issue_id`,`over_at`);--> statement-breakpoint
CREATE TABLE `send_tests` (
	`id` text PRIMARY KEY NOT NULL,
	`mailbox_id` text NOT NULL,
	`state` text NOT NULL,
	`started_at` integer NOT NULL,
	`sent_at` integer,
	`back_after_ms` integer,
	`folder` text,
	`results` text NOT NULL,
	`trouble` text,
	`detail` text,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `send_tests_mailbox` ON `send_tests` (`mailbox_id`,`started_at`);--> statement-breakpoint
CREATE TABLE `saved_replies` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`member_id` text,
	`team_id` text,
	`language` text DEFAULT '' NOT NULL,
	`html` text NOT NULL,
	`text` text NOT NULL,
	`uses` integer DEFAULT 0 NOT NULL,
	`used_at` integer,
	`changed_by_id` text,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`changed_by_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `saved_replies_member` ON `saved_replies` (`member_id`);--> statement-breakpoint
CREATE INDEX `saved_replies_team` ON `saved_replies` (`team_id`);--> statement-breakpoint
CREATE TABLE `saved_reply_files` (
	`id` text PRIMARY KEY NOT NULL,
	`saved_reply_id` text NOT NULL,
	`position` integer NOT NULL,
	`filename` text NOT NULL,
	`content_type` text NOT NULL,
	`size` integer NOT NULL,
	`blob_hash` text NOT NULL,
	FOREIGN KEY (`saved_reply_id`) REFERENCES `saved_replies`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `saved_reply_files_reply` ON `saved_reply_files` (`saved_reply_id`,`position`);--> statement-breakpoint
CREATE TABLE `signatures` (
	`id` text PRIMARY KEY NOT NULL,
	`mailbox_id` text,
	`member_id` text,
	`language` text DEFAULT '' NOT NULL,
	`html` text NOT NULL,
	`text` text NOT NULL,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `signatures_mailbox` ON `signatures` (`mailbox_id`);--> statement-breakpoint
CREATE INDEX `signatures_member` ON `signatures` (`member_id`);--> statement-breakpoint
ALTER TABLE `mailboxes` ADD `mails_per_minute` integer;--> statement-breakpoint
ALTER TABLE `mailboxes` ADD `acknowledgement` text;--> statement-breakpoint
ALTER TABLE `members` ADD `held_ms` integer;--> statement-breakpoint
ALTER TABLE `outbox` ADD `scheduled_at` integer;--> statement-breakpoint
ALTER TABLE `outbox` ADD `tried_at` integer;--> statement-breakpoint
ALTER TABLE `outbox` ADD `automatic` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `outbox_tried` ON `outbox` (`mailbox_id`,`tried_at`);--> statement-breakpoint
CREATE INDEX `outbox_scheduled` ON `outbox` (`state`,`scheduled_at`);