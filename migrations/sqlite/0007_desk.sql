CREATE TABLE `followers` (
	`issue_id` text NOT NULL,
	`member_id` text NOT NULL,
	`state` text NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`issue_id`, `member_id`),
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `followers_member` ON `followers` (`member_id`,`issue_id`);--> statement-breakpoint
CREATE TABLE `issue_tags` (
	`issue_id` text NOT NULL,
	`tag_id` text NOT NULL,
	`status` text NOT NULL,
	`listed_at` integer NOT NULL,
	PRIMARY KEY(`issue_id`, `tag_id`),
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`tag_id`) REFERENCES `tags`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `issue_tags_list` ON `issue_tags` (`tag_id`,`status`,`listed_at`,`issue_id`);--> statement-breakpoint
CREATE TABLE `mentions` (
	`note_id` text NOT NULL,
	`member_id` text NOT NULL,
	`issue_id` text NOT NULL,
	`team_id` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`note_id`, `member_id`),
	FOREIGN KEY (`note_id`) REFERENCES `notes`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE set null
) STRICT;
--> statement-breakpoint
CREATE INDEX `mentions_member` ON `mentions` (`member_id`,`at`);--> statement-breakpoint
CREATE INDEX `mentions_issue` ON `mentions` (`issue_id`);--> statement-breakpoint
CREATE TABLE `tags` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`folded` text NOT NULL,
	`colour` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `tags_folded_unique` ON `tags` (`folded`);--> statement-breakpoint
CREATE TABLE `views` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`query` text NOT NULL,
	`oldest_first` integer DEFAULT false NOT NULL,
	`owner_id` text,
	`position` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`owner_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `views_owner` ON `views` (`owner_id`,`position`);--> statement-breakpoint
DROP INDEX `issues_status`;--> statement-breakpoint
DROP INDEX `issues_mailbox`;--> statement-breakpoint
DROP INDEX `issues_assignee`;--> statement-breakpoint
DROP INDEX `issues_team`;--> statement-breakpoint
ALTER TABLE `issues` ADD `listed_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `issues` SET `listed_at` = `last_message_at`;--> statement-breakpoint
UPDATE `issues` SET `waiting_since` = `last_message_at` WHERE `status` IN ('new', 'open') AND `waiting_since` IS NULL;--> statement-breakpoint
ALTER TABLE `issues` ADD `snoozed_until` integer;--> statement-breakpoint
ALTER TABLE `issues` ADD `wakes_on_reply` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `issues` ADD `snoozed_from` text;--> statement-breakpoint
ALTER TABLE `issues` ADD `tag_ids` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX `issues_waiting` ON `issues` (`status`,`waiting_since`,`id`) WHERE "issues"."waiting_since" is not null;--> statement-breakpoint
CREATE INDEX `issues_waiting_mailbox` ON `issues` (`mailbox_id`,`status`,`waiting_since`,`id`) WHERE "issues"."waiting_since" is not null;--> statement-breakpoint
CREATE INDEX `issues_waiting_assignee` ON `issues` (`assignee_id`,`status`,`waiting_since`,`id`) WHERE "issues"."waiting_since" is not null;--> statement-breakpoint
CREATE INDEX `issues_waiting_team` ON `issues` (`team_id`,`status`,`waiting_since`,`id`) WHERE "issues"."waiting_since" is not null;--> statement-breakpoint
CREATE INDEX `issues_snoozed` ON `issues` (`status`,`snoozed_until`,`id`) WHERE "issues"."snoozed_until" is not null;--> statement-breakpoint
CREATE INDEX `issues_snoozed_mailbox` ON `issues` (`mailbox_id`,`status`,`snoozed_until`,`id`) WHERE "issues"."snoozed_until" is not null;--> statement-breakpoint
CREATE INDEX `issues_status` ON `issues` (`status`,`listed_at`,`id`);--> statement-breakpoint
CREATE INDEX `issues_mailbox` ON `issues` (`mailbox_id`,`status`,`listed_at`,`id`);--> statement-breakpoint
CREATE INDEX `issues_assignee` ON `issues` (`assignee_id`,`status`,`listed_at`,`id`);--> statement-breakpoint
CREATE INDEX `issues_team` ON `issues` (`team_id`,`status`,`listed_at`,`id`);--> statement-breakpoint
ALTER TABLE `mailboxes` ADD `assign_on_reply` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `mailboxes` ADD `working_hours` text;--> statement-breakpoint
INSERT INTO `views` (`id`, `name`, `query`, `oldest_first`, `owner_id`, `position`, `created_at`)
VALUES ('019aa000-0000-7000-8000-000000000001', 'No reply in 2 days', 'waiting:>2d', 1, NULL, 1, 0);
