CREATE TABLE `departures` (
	`mailbox_id` text NOT NULL,
	`fingerprint` text NOT NULL,
	`message_id` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`fingerprint`, `mailbox_id`),
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE set null
) STRICT;
--> statement-breakpoint
CREATE INDEX `departures_message` ON `departures` (`message_id`);--> statement-breakpoint
CREATE TABLE `spare_blobs` (
	`name` text PRIMARY KEY NOT NULL,
	`due_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `spare_blobs_due` ON `spare_blobs` (`due_at`);--> statement-breakpoint
CREATE TABLE `file_texts` (
	`content_hash` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`text` text DEFAULT '' NOT NULL,
	`cut` integer DEFAULT false NOT NULL,
	`reason` text DEFAULT '' NOT NULL,
	`reader_version` integer NOT NULL,
	`at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `text_queue` (
	`message_id` text NOT NULL,
	`position` integer NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`message_id`, `position`),
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
ALTER TABLE `issues` ADD `discarded_at` integer;--> statement-breakpoint
CREATE INDEX `issues_discarded` ON `issues` (`status`,`discarded_at`,`id`) WHERE "issues"."discarded_at" is not null;--> statement-breakpoint
CREATE INDEX `issues_merged` ON `issues` (`merged_into_id`) WHERE "issues"."merged_into_id" is not null;--> statement-breakpoint
ALTER TABLE `attachments` ADD `content_hash` text;--> statement-breakpoint
CREATE INDEX `attachments_content` ON `attachments` (`content_hash`) WHERE "attachments"."content_hash" is not null;--> statement-breakpoint
ALTER TABLE `webhook_calls` ADD `tried_at` integer;--> statement-breakpoint
ALTER TABLE `webhook_calls` ADD `status` integer;--> statement-breakpoint
ALTER TABLE `webhook_calls` ADD `replay_of` text;--> statement-breakpoint
CREATE INDEX `webhook_calls_age` ON `webhook_calls` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `seen_issue` ON `seen` (`issue_id`);--> statement-breakpoint
CREATE INDEX `message_ids_message` ON `message_ids` (`message_id`);--> statement-breakpoint
CREATE INDEX `message_references_message` ON `message_references` (`message_id`);--> statement-breakpoint
CREATE INDEX `notification_mails_issue` ON `notification_mails` (`issue_id`);--> statement-breakpoint
CREATE INDEX `notifications_issue` ON `notifications` (`issue_id`);--> statement-breakpoint
CREATE INDEX `rule_firings_issue` ON `rule_firings` (`issue_id`);--> statement-breakpoint
CREATE INDEX `reminders_message` ON `reminders` (`message_id`);
--> statement-breakpoint
-- What is out of sight already counts from its last change.
UPDATE `issues` SET `discarded_at` = `updated_at` WHERE `status` IN ('spam', 'trash');
