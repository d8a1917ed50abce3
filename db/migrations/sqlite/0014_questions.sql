CREATE TABLE `dead_addresses` (
	`address` text PRIMARY KEY NOT NULL,
	`fault` text NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `declines` (
	`organisation_id` text NOT NULL,
	`mailbox` text NOT NULL,
	`declined_at` integer NOT NULL,
	PRIMARY KEY(`organisation_id`, `mailbox`),
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `questions` (
	`mailbox` text PRIMARY KEY NOT NULL,
	`asked` text NOT NULL,
	`last_at` integer NOT NULL
);
