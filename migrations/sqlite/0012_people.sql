CREATE TABLE `address_book` (
	`owner_id` text NOT NULL,
	`mailbox_id` text NOT NULL,
	`party` text NOT NULL,
	`name` text NOT NULL,
	`last_received_at` integer,
	`last_sent_at` integer,
	`listed_at` integer NOT NULL,
	PRIMARY KEY(`owner_id`, `mailbox_id`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `address_book_list` ON `address_book` (`party`,`mailbox_id`,`listed_at`,`owner_id`);--> statement-breakpoint
CREATE TABLE `address_book_keys` (
	`owner_id` text NOT NULL,
	`mailbox_id` text NOT NULL,
	`key` text NOT NULL,
	`party` text NOT NULL,
	PRIMARY KEY(`owner_id`, `mailbox_id`, `key`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `address_book_keys_search` ON `address_book_keys` (`party`,`mailbox_id`,`key`,`owner_id`);--> statement-breakpoint
CREATE TABLE `contact_addresses` (
	`address` text PRIMARY KEY NOT NULL,
	`contact_id` text NOT NULL,
	`domain` text NOT NULL,
	`by_hand` integer NOT NULL,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `contact_addresses_contact` ON `contact_addresses` (`contact_id`);--> statement-breakpoint
CREATE INDEX `contact_addresses_domain` ON `contact_addresses` (`domain`);--> statement-breakpoint
CREATE TABLE `correspondence` (
	`address` text NOT NULL,
	`mailbox_id` text NOT NULL,
	`names` text NOT NULL,
	`first_received_at` integer,
	`last_received_at` integer,
	`first_sent_at` integer,
	`last_sent_at` integer,
	`seen_at` integer NOT NULL,
	PRIMARY KEY(`address`, `mailbox_id`),
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `correspondence_mailbox` ON `correspondence` (`mailbox_id`);--> statement-breakpoint
CREATE TABLE `shared_domains` (
	`domain` text PRIMARY KEY NOT NULL,
	`member_id` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
ALTER TABLE `events` ADD `contact_id` text;--> statement-breakpoint
ALTER TABLE `events` ADD `organization_id` text;--> statement-breakpoint
CREATE INDEX `events_contact` ON `events` (`contact_id`,`id`) WHERE "events"."contact_id" is not null;--> statement-breakpoint
CREATE INDEX `events_organization` ON `events` (`organization_id`,`id`) WHERE "events"."organization_id" is not null;--> statement-breakpoint
ALTER TABLE `contacts` ADD `organization_by_hand` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `contacts` ADD `name_source` text DEFAULT 'hand' NOT NULL;--> statement-breakpoint
ALTER TABLE `contacts` ADD `open_to_all` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `contacts` ADD `merged_into_id` text;--> statement-breakpoint
ALTER TABLE `contacts` ADD `version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `organizations` ADD `name_by_hand` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `organizations` ADD `open_to_all` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `organizations` ADD `merged_into_id` text;--> statement-breakpoint
ALTER TABLE `organizations` ADD `version` integer DEFAULT 1 NOT NULL;