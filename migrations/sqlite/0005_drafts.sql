CREATE TABLE `drafts` (
	`id` text PRIMARY KEY NOT NULL,
	`mailbox_id` text NOT NULL,
	`issue_id` text,
	`member_id` text NOT NULL,
	`content` text NOT NULL,
	`snippet` text NOT NULL,
	`version` integer NOT NULL,
	`discarded_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `drafts_issue` ON `drafts` (`issue_id`);--> statement-breakpoint
CREATE INDEX `drafts_mailbox` ON `drafts` (`mailbox_id`,`discarded_at`,`updated_at`);--> statement-breakpoint
CREATE INDEX `drafts_age` ON `drafts` (`updated_at`);--> statement-breakpoint
CREATE TABLE `presence` (
	`page_id` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`issue_id` text NOT NULL,
	`mailbox_id` text NOT NULL,
	`doing` text NOT NULL,
	`until` integer NOT NULL,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `presence_until` ON `presence` (`until`);--> statement-breakpoint
ALTER TABLE `members` ADD `writes_plain` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `bodies` ADD `composed_html` text;--> statement-breakpoint
ALTER TABLE `uploads` ADD `draft_id` text REFERENCES drafts(id) ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE `uploads` ADD `copied_from` text;--> statement-breakpoint
CREATE INDEX `uploads_draft` ON `uploads` (`draft_id`);