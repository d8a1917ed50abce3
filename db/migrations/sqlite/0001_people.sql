CREATE TABLE `changes` (
	`id` text PRIMARY KEY NOT NULL,
	`deadline_id` text NOT NULL,
	`from_revision` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`seen_to` text,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `changes_recorded` ON `changes` (`recorded_at`);--> statement-breakpoint
CREATE TABLE `mutes` (
	`recipient_id` text NOT NULL,
	`deadline_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`recipient_id`, `deadline_id`),
	FOREIGN KEY (`recipient_id`) REFERENCES `recipients`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `notices` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`message_id` text NOT NULL,
	`deadline_id` text NOT NULL,
	`organisation_id` text NOT NULL,
	`from_revision` integer,
	`last_safe_on` text,
	`reason` text,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `notices_key` ON `notices` (`key`);--> statement-breakpoint
CREATE INDEX `notices_message` ON `notices` (`message_id`);--> statement-breakpoint
ALTER TABLE `messages` ADD `sent_to` text;--> statement-breakpoint
ALTER TABLE `organisations` ADD `unreminded_since` integer;--> statement-breakpoint
ALTER TABLE `recipients` ADD `send_hour` text DEFAULT '07:30' NOT NULL;--> statement-breakpoint
ALTER TABLE `recipients` ADD `language` text;--> statement-breakpoint
ALTER TABLE `recipients` ADD `paused_until` text;--> statement-breakpoint
ALTER TABLE `recipients` ADD `position` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `recipients` ADD `deputy_email` text;--> statement-breakpoint
ALTER TABLE `recipients` ADD `deputy_until` text;--> statement-breakpoint
ALTER TABLE `recipients` ADD `deputy_confirmed_at` integer;--> statement-breakpoint
ALTER TABLE `recipients` ADD `declined` text DEFAULT '[]' NOT NULL;