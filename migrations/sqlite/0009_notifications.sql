CREATE TABLE `cursors` (
	`name` text PRIMARY KEY NOT NULL,
	`event_id` text NOT NULL,
	`at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `notification_mails` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`mailbox_id` text NOT NULL,
	`issue_id` text,
	`internet_message_id` text NOT NULL,
	`subject` text NOT NULL,
	`text` text NOT NULL,
	`state` text NOT NULL,
	`due_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`response` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `notification_mails_due` ON `notification_mails` (`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `notification_mails_age` ON `notification_mails` (`created_at`);--> statement-breakpoint
CREATE TABLE `notification_settings` (
	`member_id` text PRIMARY KEY NOT NULL,
	`choices` text NOT NULL,
	`pace` text NOT NULL,
	`daily_at` integer NOT NULL,
	`quiet` text,
	`zone` text NOT NULL,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `notifications` (
	`id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`event_id` text NOT NULL,
	`issue_id` text NOT NULL,
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
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `notifications_once` ON `notifications` (`member_id`,`event_id`);--> statement-breakpoint
CREATE INDEX `notifications_list` ON `notifications` (`member_id`,`shown`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `notifications_unread` ON `notifications` (`member_id`,`issue_id`) WHERE "notifications"."read_at" is null;--> statement-breakpoint
CREATE INDEX `notifications_mail` ON `notifications` (`mail_at`,`member_id`) WHERE "notifications"."mail_at" is not null;--> statement-breakpoint
CREATE INDEX `notifications_age` ON `notifications` (`at`);--> statement-breakpoint
CREATE TABLE `rule_firings` (
	`rule_id` text NOT NULL,
	`subject_id` text NOT NULL,
	`issue_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`rule_id`, `subject_id`),
	FOREIGN KEY (`rule_id`) REFERENCES `rules`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `rule_firings_at` ON `rule_firings` (`rule_id`,`at`);--> statement-breakpoint
CREATE TABLE `rules` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`active` integer NOT NULL,
	`trigger` text NOT NULL,
	`match` text NOT NULL,
	`conditions` text NOT NULL,
	`acts` text NOT NULL,
	`stops` integer NOT NULL,
	`secret` text NOT NULL,
	`fired` integer DEFAULT 0 NOT NULL,
	`fired_at` integer,
	`changed_by_id` text,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`changed_by_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `rules_order` ON `rules` (`position`);--> statement-breakpoint
CREATE TABLE `webhook_calls` (
	`id` text PRIMARY KEY NOT NULL,
	`rule_id` text NOT NULL,
	`url` text NOT NULL,
	`body` text NOT NULL,
	`state` text NOT NULL,
	`due_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`response` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`rule_id`) REFERENCES `rules`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `webhook_calls_due` ON `webhook_calls` (`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `webhook_calls_rule` ON `webhook_calls` (`rule_id`,`created_at`);