CREATE TABLE `contacts` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`title` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE set null
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `contacts_email_unique` ON `contacts` (`email`);--> statement-breakpoint
CREATE INDEX `contacts_organization` ON `contacts` (`organization_id`);--> statement-breakpoint
CREATE TABLE `organization_domains` (
	`domain` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `organization_domains_organization` ON `organization_domains` (`organization_id`);--> statement-breakpoint
CREATE TABLE `organizations` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`kind` text DEFAULT 'customer' NOT NULL,
	`zone` text,
	`us_federal` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `organizations_name` ON `organizations` (`name_key`);--> statement-breakpoint
CREATE TABLE `custom_fields` (
	`id` text PRIMARY KEY NOT NULL,
	`label` text NOT NULL,
	`kind` text NOT NULL,
	`choices` text NOT NULL,
	`position` integer NOT NULL,
	`archived_at` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `custom_fields_label_unique` ON `custom_fields` (`label`);--> statement-breakpoint
CREATE TABLE `fx_rates` (
	`currency` text NOT NULL,
	`day` text NOT NULL,
	`rate` text NOT NULL,
	`set_by_id` text,
	`set_at` integer NOT NULL,
	PRIMARY KEY(`currency`, `day`),
	FOREIGN KEY (`set_by_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `goals` (
	`id` text PRIMARY KEY NOT NULL,
	`period_start` text NOT NULL,
	`period_end` text NOT NULL,
	`member_id` text,
	`team_id` text,
	`pipeline_id` text,
	`amount_minor` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `goals_period` ON `goals` (`period_start`);--> statement-breakpoint
CREATE TABLE `outcome_reasons` (
	`id` text PRIMARY KEY NOT NULL,
	`outcome` text NOT NULL,
	`label` text NOT NULL,
	`position` integer NOT NULL,
	`needs_note` integer DEFAULT false NOT NULL,
	`archived_at` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `outcome_reasons_label` ON `outcome_reasons` (`outcome`,`label`);--> statement-breakpoint
CREATE TABLE `pipelines` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`archived_at` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `pipelines_name_unique` ON `pipelines` (`name`);--> statement-breakpoint
CREATE TABLE `sequences` (
	`name` text PRIMARY KEY NOT NULL,
	`n` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `stages` (
	`id` text PRIMARY KEY NOT NULL,
	`pipeline_id` text NOT NULL,
	`label` text NOT NULL,
	`position` integer NOT NULL,
	`probability` integer NOT NULL,
	`category` text NOT NULL,
	`idle_after_days` integer,
	`submitted` integer DEFAULT false NOT NULL,
	`idle_from_expected` integer DEFAULT false NOT NULL,
	`archived_at` integer,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `stages_pipeline` ON `stages` (`pipeline_id`,`position`);--> statement-breakpoint
CREATE TABLE `proposal_amendments` (
	`id` text PRIMARY KEY NOT NULL,
	`proposal_id` text NOT NULL,
	`number` integer NOT NULL,
	`received_at` integer NOT NULL,
	`thread_id` text,
	`summary` text NOT NULL,
	`old_due_at` integer,
	`new_due_at` integer,
	`new_due_local` text,
	`new_due_zone` text,
	`acknowledged_by_id` text,
	`acknowledged_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`thread_id`) REFERENCES `threads`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`acknowledged_by_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `proposal_amendments_number` ON `proposal_amendments` (`proposal_id`,`number`);--> statement-breakpoint
CREATE TABLE `proposal_competitors` (
	`proposal_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`role` text NOT NULL,
	`price_minor` integer,
	`note` text DEFAULT '' NOT NULL,
	PRIMARY KEY(`proposal_id`, `organization_id`),
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `proposal_competitors_organization` ON `proposal_competitors` (`organization_id`);--> statement-breakpoint
CREATE TABLE `proposal_contacts` (
	`proposal_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`role` text NOT NULL,
	PRIMARY KEY(`proposal_id`, `contact_id`),
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `proposal_contacts_contact` ON `proposal_contacts` (`contact_id`);--> statement-breakpoint
CREATE TABLE `proposal_fields` (
	`proposal_id` text NOT NULL,
	`field_id` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`proposal_id`, `field_id`),
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`field_id`) REFERENCES `custom_fields`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `proposal_fields_value` ON `proposal_fields` (`field_id`,`value`);--> statement-breakpoint
CREATE TABLE `proposal_members` (
	`proposal_id` text NOT NULL,
	`member_id` text NOT NULL,
	`role` text NOT NULL,
	PRIMARY KEY(`proposal_id`, `member_id`, `role`),
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE INDEX `proposal_members_member` ON `proposal_members` (`member_id`);--> statement-breakpoint
CREATE TABLE `proposal_milestones` (
	`id` text PRIMARY KEY NOT NULL,
	`proposal_id` text NOT NULL,
	`kind` text NOT NULL,
	`label` text DEFAULT '' NOT NULL,
	`local` text NOT NULL,
	`zone` text NOT NULL,
	`precision` text NOT NULL,
	`choice` text DEFAULT 'earlier' NOT NULL,
	`at` integer NOT NULL,
	`done_at` integer,
	`result` text,
	`decided_by_id` text,
	`note` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`decided_by_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `proposal_milestones_proposal` ON `proposal_milestones` (`proposal_id`,`at`);--> statement-breakpoint
CREATE INDEX `proposal_milestones_at` ON `proposal_milestones` (`at`);--> statement-breakpoint
CREATE TABLE `proposal_notes` (
	`id` text PRIMARY KEY NOT NULL,
	`proposal_id` text NOT NULL,
	`member_id` text NOT NULL,
	`text` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `proposal_notes_proposal` ON `proposal_notes` (`proposal_id`,`at`);--> statement-breakpoint
CREATE TABLE `proposal_reasons` (
	`proposal_id` text NOT NULL,
	`reason_id` text NOT NULL,
	`is_primary` integer NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	PRIMARY KEY(`proposal_id`, `reason_id`),
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`reason_id`) REFERENCES `outcome_reasons`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `proposal_reasons_reason` ON `proposal_reasons` (`reason_id`);--> statement-breakpoint
CREATE TABLE `proposal_threads` (
	`proposal_id` text NOT NULL,
	`thread_id` text NOT NULL,
	`kind` text NOT NULL,
	`source` text NOT NULL,
	`confidence` integer NOT NULL,
	`why` text DEFAULT '' NOT NULL,
	`linked_by_id` text,
	`linked_at` integer NOT NULL,
	`unlinked_by_id` text,
	`unlinked_at` integer,
	PRIMARY KEY(`proposal_id`, `thread_id`),
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`thread_id`) REFERENCES `threads`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`linked_by_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`unlinked_by_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `proposal_threads_thread` ON `proposal_threads` (`thread_id`);--> statement-breakpoint
CREATE TABLE `proposal_history` (
	`id` text PRIMARY KEY NOT NULL,
	`proposal_id` text NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_to` integer NOT NULL,
	`pipeline_id` text NOT NULL,
	`stage_id` text NOT NULL,
	`outcome` text NOT NULL,
	`probability` integer NOT NULL,
	`is_override` integer NOT NULL,
	`category` text NOT NULL,
	`is_category_override` integer NOT NULL,
	`value_minor` integer,
	`currency` text NOT NULL,
	`award_minor` integer,
	`fx_at_decision` text,
	`expected_decision` text,
	`due_at` integer,
	`owner_id` text,
	`team_id` text,
	`stage_since` integer NOT NULL,
	`submitted_at` integer,
	`bid_minor` integer,
	`bid_currency` text NOT NULL,
	`decided_at` integer,
	`push_count` integer NOT NULL,
	`push_days` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`is_move` integer NOT NULL,
	`changed` text NOT NULL,
	`by_id` text,
	`cause` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`recorded_at` integer NOT NULL,
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`stage_id`) REFERENCES `stages`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`owner_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `proposal_history_once` ON `proposal_history` (`proposal_id`,`valid_from`);--> statement-breakpoint
CREATE INDEX `proposal_history_time` ON `proposal_history` (`valid_to`,`valid_from`);--> statement-breakpoint
CREATE INDEX `proposal_history_moves` ON `proposal_history` (`is_move`,`valid_from`);--> statement-breakpoint
CREATE TABLE `proposal_touches` (
	`proposal_id` text NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	PRIMARY KEY(`proposal_id`, `at`, `kind`),
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE TABLE `proposals` (
	`id` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	`title` text NOT NULL,
	`pipeline_id` text NOT NULL,
	`stage_id` text NOT NULL,
	`outcome` text NOT NULL,
	`probability` integer NOT NULL,
	`is_override` integer NOT NULL,
	`category` text NOT NULL,
	`is_category_override` integer NOT NULL,
	`value_minor` integer,
	`currency` text NOT NULL,
	`award_minor` integer,
	`fx_at_decision` text,
	`expected_decision` text,
	`due_at` integer,
	`owner_id` text,
	`team_id` text,
	`stage_since` integer NOT NULL,
	`submitted_at` integer,
	`bid_minor` integer,
	`bid_currency` text NOT NULL,
	`decided_at` integer,
	`push_count` integer NOT NULL,
	`push_days` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`value_basis` text DEFAULT 'total' NOT NULL,
	`value_units` integer,
	`organization_id` text,
	`source` text DEFAULT '' NOT NULL,
	`priority` text DEFAULT 'normal' NOT NULL,
	`solicitation_number` text DEFAULT '' NOT NULL,
	`solicitation_kind` text,
	`portal_url` text DEFAULT '' NOT NULL,
	`set_aside` text DEFAULT '' NOT NULL,
	`due_local` text,
	`due_zone` text,
	`due_precision` text DEFAULT 'time' NOT NULL,
	`due_choice` text DEFAULT 'earlier' NOT NULL,
	`received_at` integer,
	`created_at` integer NOT NULL,
	`bid_decided_at` integer,
	`reopened_count` integer DEFAULT 0 NOT NULL,
	`next_step` text DEFAULT '' NOT NULL,
	`next_step_on` text,
	`touched_at` integer NOT NULL,
	`issue_id` text,
	`mailbox_id` text,
	`version` integer DEFAULT 1 NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer,
	FOREIGN KEY (`pipeline_id`) REFERENCES `pipelines`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`stage_id`) REFERENCES `stages`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`owner_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `proposals_number_unique` ON `proposals` (`number`);--> statement-breakpoint
CREATE INDEX `proposals_open` ON `proposals` (`outcome`,`pipeline_id`,`stage_id`);--> statement-breakpoint
CREATE INDEX `proposals_due` ON `proposals` (`outcome`,`due_at`);--> statement-breakpoint
CREATE INDEX `proposals_updated` ON `proposals` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `proposals_owner` ON `proposals` (`owner_id`,`outcome`);--> statement-breakpoint
CREATE INDEX `proposals_organization` ON `proposals` (`organization_id`);--> statement-breakpoint
CREATE INDEX `proposals_solicitation` ON `proposals` (`solicitation_number`) WHERE "proposals"."solicitation_number" <> '';--> statement-breakpoint
CREATE UNIQUE INDEX `proposals_issue` ON `proposals` (`issue_id`);--> statement-breakpoint
ALTER TABLE `events` ADD `proposal_id` text;--> statement-breakpoint
CREATE INDEX `events_proposal` ON `events` (`proposal_id`,`id`) WHERE "events"."proposal_id" is not null;
