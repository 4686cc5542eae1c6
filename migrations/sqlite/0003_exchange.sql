CREATE TABLE `exchange_connections` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`platform` text NOT NULL,
	`hybrid` integer DEFAULT false NOT NULL,
	`settings` text NOT NULL,
	`secrets` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `exchange_flips` (
	`id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`run_id` text,
	`identity` text NOT NULL,
	`user` text NOT NULL,
	`other_names` text DEFAULT '[]' NOT NULL,
	`rights` text NOT NULL,
	`inheritance_type` text NOT NULL,
	`phase` text NOT NULL,
	`command` text NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`next_try_at` integer,
	`message` text,
	`created_at` integer NOT NULL,
	`closed_at` integer,
	FOREIGN KEY (`connection_id`) REFERENCES `exchange_connections`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`run_id`) REFERENCES `provisioning_runs`(`id`) ON UPDATE no action ON DELETE set null
) STRICT;
--> statement-breakpoint
CREATE INDEX `exchange_flips_phase` ON `exchange_flips` (`phase`,`next_try_at`);--> statement-breakpoint
CREATE TABLE `exchange_ledger` (
	`id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`identity` text NOT NULL,
	`user` text,
	`did` text NOT NULL,
	`auto_mapping` integer,
	`run_id` text,
	`done_at` integer NOT NULL,
	FOREIGN KEY (`connection_id`) REFERENCES `exchange_connections`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`run_id`) REFERENCES `provisioning_runs`(`id`) ON UPDATE no action ON DELETE set null
) STRICT;
--> statement-breakpoint
CREATE INDEX `exchange_ledger_mailbox` ON `exchange_ledger` (`connection_id`,`identity`,`done_at`);--> statement-breakpoint
CREATE TABLE `exchange_mailboxes` (
	`id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`identity` text NOT NULL,
	`wanted` text DEFAULT '' NOT NULL,
	`lists` text DEFAULT '{}' NOT NULL,
	`guid` text DEFAULT '' NOT NULL,
	`mailbox_id` text,
	`flow` text DEFAULT '{}' NOT NULL,
	`check_at` integer,
	`checked_at` integer,
	`drift` text DEFAULT '[]' NOT NULL,
	`trouble` text,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`connection_id`) REFERENCES `exchange_connections`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes`(`id`) ON UPDATE no action ON DELETE set null
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `exchange_mailboxes_identity` ON `exchange_mailboxes` (`connection_id`,`identity`);--> statement-breakpoint
CREATE INDEX `exchange_mailboxes_check` ON `exchange_mailboxes` (`check_at`);--> statement-breakpoint
CREATE TABLE `provisioning_runs` (
	`id` text PRIMARY KEY NOT NULL,
	`exchange_mailbox_id` text NOT NULL,
	`member_id` text,
	`state` text NOT NULL,
	`wanted` text NOT NULL,
	`lists` text DEFAULT '{}' NOT NULL,
	`plan_hash` text NOT NULL,
	`snapshot_hash` text NOT NULL,
	`message` text,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	FOREIGN KEY (`exchange_mailbox_id`) REFERENCES `exchange_mailboxes`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE set null
) STRICT;
--> statement-breakpoint
CREATE INDEX `provisioning_runs_mailbox` ON `provisioning_runs` (`exchange_mailbox_id`,`id`);--> statement-breakpoint
CREATE INDEX `provisioning_runs_state` ON `provisioning_runs` (`state`);--> statement-breakpoint
CREATE TABLE `provisioning_steps` (
	`id` text PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	`number` integer NOT NULL,
	`state` text NOT NULL,
	`phase` integer NOT NULL,
	`cmdlet` text NOT NULL,
	`params` text NOT NULL,
	`command` text NOT NULL,
	`risk` text NOT NULL,
	`reason` text NOT NULL,
	`message` text,
	`tries` integer DEFAULT 0 NOT NULL,
	`request_id` text,
	`started_at` integer,
	`ended_at` integer,
	FOREIGN KEY (`run_id`) REFERENCES `provisioning_runs`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `provisioning_steps_number` ON `provisioning_steps` (`run_id`,`number`);