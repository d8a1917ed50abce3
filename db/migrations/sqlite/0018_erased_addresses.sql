CREATE TABLE `former_mails` (
	`message_id` text PRIMARY KEY NOT NULL,
	`erased_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `former_mails_erased` ON `former_mails` (`erased_at`);--> statement-breakpoint
ALTER TABLE `messages` ADD `sent_to_digest` text;