CREATE TABLE `reports` (
	`id` text PRIMARY KEY NOT NULL,
	`deadline_id` text NOT NULL,
	`revision` integer NOT NULL,
	`language` text NOT NULL,
	`wrong` text NOT NULL,
	`correct` text,
	`proof` text,
	`email` text,
	`caller` text,
	`turn` integer NOT NULL,
	`created_at` integer NOT NULL,
	`closed_at` integer,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reports_turn` ON `reports` (`caller`,`turn`);--> statement-breakpoint
CREATE INDEX `reports_created` ON `reports` (`created_at`);--> statement-breakpoint
CREATE INDEX `reports_deadline` ON `reports` (`deadline_id`);