CREATE TABLE `editions` (
	`id` text PRIMARY KEY NOT NULL,
	`insurer_slug` text,
	`contract_year` integer NOT NULL,
	`care_type` text NOT NULL,
	`door` text NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`announced_on` text,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`published_at` integer,
	`published_by` text,
	`public_at` integer,
	`alone_reason` text,
	`looked_at` integer,
	`looked_by` text,
	`ended_at` integer,
	`ended_by` text,
	FOREIGN KEY (`insurer_slug`) REFERENCES `insurers`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `editions_status` ON `editions` (`status`,`public_at`);--> statement-breakpoint
CREATE INDEX `editions_insurer` ON `editions` (`insurer_slug`,`contract_year`);--> statement-breakpoint
CREATE TABLE `loaded_files` (
	`subject` text PRIMARY KEY NOT NULL,
	`digest` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `edition_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`edition_id` text NOT NULL,
	`position` integer NOT NULL,
	`act` text NOT NULL,
	`deadline_id` text,
	`base_revision` integer,
	`activity` text,
	`slot` integer,
	`requirement_key` text,
	`content` text NOT NULL,
	`reason` text,
	`document_key` text,
	`proposal` text,
	`version` integer NOT NULL,
	`edited_at` integer NOT NULL,
	`edited_by` text NOT NULL,
	FOREIGN KEY (`edition_id`) REFERENCES `editions`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`document_key`) REFERENCES `documents`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `edition_entries_edition` ON `edition_entries` (`edition_id`,`position`);--> statement-breakpoint
CREATE INDEX `edition_entries_deadline` ON `edition_entries` (`deadline_id`);--> statement-breakpoint
CREATE INDEX `edition_entries_proposal` ON `edition_entries` (`proposal`);--> statement-breakpoint
CREATE TABLE `document_files` (
	`document_key` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`media_type` text NOT NULL,
	`file_name` text,
	`bytes` blob NOT NULL,
	`text` text NOT NULL,
	`pages` integer,
	`extraction` text NOT NULL,
	`added_at` integer NOT NULL,
	`added_by` text NOT NULL,
	FOREIGN KEY (`document_key`) REFERENCES `documents`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `document_files_hash` ON `document_files` (`hash`);--> statement-breakpoint
CREATE TABLE `quote_places` (
	`document_key` text NOT NULL,
	`quote` text NOT NULL,
	`before` text NOT NULL,
	`after` text NOT NULL,
	`page` integer,
	PRIMARY KEY(`document_key`, `quote`),
	FOREIGN KEY (`document_key`) REFERENCES `documents`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `rejections` (
	`insurer_slug` text NOT NULL,
	`proposal` text NOT NULL,
	`reason` text NOT NULL,
	`rejected_at` integer NOT NULL,
	`rejected_by` text NOT NULL,
	PRIMARY KEY(`insurer_slug`, `proposal`)
);
--> statement-breakpoint
CREATE TABLE `purchaser_links` (
	`id` text PRIMARY KEY NOT NULL,
	`insurer_slug` text NOT NULL,
	`token` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	`last_used_at` integer,
	FOREIGN KEY (`insurer_slug`) REFERENCES `insurers`(`slug`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `purchaser_links_token` ON `purchaser_links` (`token`);--> statement-breakpoint
CREATE INDEX `purchaser_links_insurer` ON `purchaser_links` (`insurer_slug`);--> statement-breakpoint
CREATE TABLE `purchaser_answers` (
	`id` text PRIMARY KEY NOT NULL,
	`link_id` text NOT NULL,
	`deadline_id` text NOT NULL,
	`revision` integer NOT NULL,
	`wrong` text,
	`created_at` integer NOT NULL,
	`closed_at` integer,
	FOREIGN KEY (`link_id`) REFERENCES `purchaser_links`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `purchaser_answers_link` ON `purchaser_answers` (`link_id`);--> statement-breakpoint
CREATE INDEX `purchaser_answers_deadline` ON `purchaser_answers` (`deadline_id`);--> statement-breakpoint
ALTER TABLE `deadlines` ADD `held_until` integer;--> statement-breakpoint
ALTER TABLE `public_changes` ADD `edition_id` text REFERENCES editions(id);--> statement-breakpoint
CREATE INDEX `public_changes_edition` ON `public_changes` (`edition_id`);--> statement-breakpoint
ALTER TABLE `changes` ADD `edition_id` text REFERENCES editions(id);--> statement-breakpoint
ALTER TABLE `changes` ADD `not_before` integer;