ALTER TABLE `traffic` ADD `moved` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `traffic` ADD `closed` integer DEFAULT 0 NOT NULL;