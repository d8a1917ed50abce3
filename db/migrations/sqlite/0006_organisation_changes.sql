CREATE TABLE `organisation_changes` (
	`organisation_id` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `organisation_changes_number` ON `organisation_changes` (`number`);