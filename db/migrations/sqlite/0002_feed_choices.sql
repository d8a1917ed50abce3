CREATE TABLE `event_marks` (
	`organisation_id` text NOT NULL,
	`scope` text NOT NULL,
	`sequence` integer NOT NULL,
	`changed_at` integer NOT NULL,
	PRIMARY KEY(`organisation_id`, `scope`),
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `former_links` (
	`hash` text PRIMARY KEY NOT NULL,
	`feed_id` text,
	`replaced_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	FOREIGN KEY (`feed_id`) REFERENCES `feeds`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `former_links_feed` ON `former_links` (`feed_id`);--> statement-breakpoint
CREATE INDEX `former_links_end` ON `former_links` (`ends_at`);--> statement-breakpoint
ALTER TABLE `feeds` ADD `insurers` text;--> statement-breakpoint
ALTER TABLE `feeds` ADD `roles` text;--> statement-breakpoint
ALTER TABLE `feeds` ADD `certainty` text;--> statement-breakpoint
ALTER TABLE `feeds` ADD `alarms` text;--> statement-breakpoint
ALTER TABLE `feeds` ADD `language` text;--> statement-breakpoint
ALTER TABLE `feeds` ADD `show_completed` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `feeds` ADD `sequence` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `feeds` ADD `changed_at` integer;--> statement-breakpoint
ALTER TABLE `feeds` ADD `last_fetched_on` text;--> statement-breakpoint
ALTER TABLE `feeds` ADD `client` text;--> statement-breakpoint
ALTER TABLE `insurers` ADD `changed_at` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `next_at` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `holder` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `marked_at` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `copies` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `organisations` ADD `changed_at` integer;--> statement-breakpoint
ALTER TABLE `recipients` ADD `fault` text;