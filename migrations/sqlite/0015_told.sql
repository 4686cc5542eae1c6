CREATE TABLE `calendar_feeds` (
	`member_id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`shows` text NOT NULL,
	`created_at` integer NOT NULL,
	`read_at` integer,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `calendar_feeds_tokenHash_unique` ON `calendar_feeds` (`token_hash`);--> statement-breakpoint
CREATE TABLE `digest_settings` (
	`member_id` text PRIMARY KEY NOT NULL,
	`active` integer NOT NULL,
	`weekday` integer NOT NULL,
	`minute` integer NOT NULL,
	`language` text NOT NULL,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `digests` (
	`member_id` text NOT NULL,
	`week` text NOT NULL,
	`mail_id` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`member_id`, `week`),
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `digests_age` ON `digests` (`at`);--> statement-breakpoint
CREATE TABLE `webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`url` text NOT NULL,
	`events` text NOT NULL,
	`active` integer NOT NULL,
	`secret` text NOT NULL,
	`changed_by_id` text,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`changed_by_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `__new_notifications` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`event_id` text NOT NULL,
	`issue_id` text,
	`proposal_id` text,
	`kind` text NOT NULL,
	`reason` text NOT NULL,
	`actor_id` text,
	`actor` text NOT NULL,
	`said` text NOT NULL,
	`at` integer NOT NULL,
	`shown` integer NOT NULL,
	`read_at` integer,
	`mail_at` integer,
	`mail_id` text,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
INSERT INTO `__new_notifications`("id", "member_id", "event_id", "issue_id", "kind", "reason", "actor_id", "actor", "said", "at", "shown", "read_at", "mail_at", "mail_id") SELECT "id", "member_id", "event_id", "issue_id", "kind", "reason", "actor_id", "actor", "said", "at", "shown", "read_at", "mail_at", "mail_id" FROM `notifications`;--> statement-breakpoint
DROP TABLE `notifications`;--> statement-breakpoint
ALTER TABLE `__new_notifications` RENAME TO `notifications`;--> statement-breakpoint
CREATE UNIQUE INDEX `notifications_once` ON `notifications` (`member_id`,`event_id`);--> statement-breakpoint
CREATE INDEX `notifications_list` ON `notifications` (`member_id`,`shown`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `notifications_unread` ON `notifications` (`member_id`,`issue_id`) WHERE "notifications"."read_at" is null;--> statement-breakpoint
CREATE INDEX `notifications_mail` ON `notifications` (`mail_at`,`member_id`) WHERE "notifications"."mail_at" is not null;--> statement-breakpoint
CREATE INDEX `notifications_age` ON `notifications` (`at`);--> statement-breakpoint
CREATE INDEX `notifications_issue` ON `notifications` (`issue_id`);--> statement-breakpoint
CREATE INDEX `notifications_proposal` ON `notifications` (`proposal_id`);--> statement-breakpoint
CREATE TABLE `__new_webhook_calls` (
	`id` text PRIMARY KEY NOT NULL,
	`rule_id` text,
	`webhook_id` text,
	`event_id` text,
	`url` text NOT NULL,
	`body` text NOT NULL,
	`state` text NOT NULL,
	`due_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`response` text DEFAULT '' NOT NULL,
	`tried_at` integer,
	`status` integer,
	`replay_of` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`rule_id`) REFERENCES `rules`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`webhook_id`) REFERENCES `webhooks`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
INSERT INTO `__new_webhook_calls`("id", "rule_id", "url", "body", "state", "due_at", "attempts", "response", "tried_at", "status", "replay_of", "created_at") SELECT "id", "rule_id", "url", "body", "state", "due_at", "attempts", "response", "tried_at", "status", "replay_of", "created_at" FROM `webhook_calls`;--> statement-breakpoint
DROP TABLE `webhook_calls`;--> statement-breakpoint
ALTER TABLE `__new_webhook_calls` RENAME TO `webhook_calls`;--> statement-breakpoint
CREATE INDEX `webhook_calls_due` ON `webhook_calls` (`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `webhook_calls_rule` ON `webhook_calls` (`rule_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `webhook_calls_webhook` ON `webhook_calls` (`webhook_id`,`created_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `webhook_calls_once` ON `webhook_calls` (`webhook_id`,`event_id`);--> statement-breakpoint
CREATE INDEX `webhook_calls_age` ON `webhook_calls` (`created_at`,`id`);--> statement-breakpoint
ALTER TABLE `notification_mails` ADD `html` text DEFAULT '' NOT NULL;