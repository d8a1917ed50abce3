CREATE TABLE `acts` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`kind` text NOT NULL,
	`deadline_id` text,
	`recipient_id` text,
	`by` text,
	`way` text NOT NULL,
	`before` text,
	`at` integer NOT NULL,
	`queued_at` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`recipient_id`) REFERENCES `recipients`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `acts_organisation` ON `acts` (`organisation_id`);--> statement-breakpoint
CREATE INDEX `acts_recipient` ON `acts` (`recipient_id`);--> statement-breakpoint
CREATE INDEX `acts_deadline` ON `acts` (`deadline_id`);--> statement-breakpoint
CREATE INDEX `acts_new` ON `acts` (`at`) WHERE queued_at is null;--> statement-breakpoint
DROP INDEX `messages_first`;--> statement-breakpoint
CREATE INDEX `messages_first` ON `messages` (`due_at`) WHERE state || '' = 'pending' and kind = 'sign_in';--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_notices` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`kind` text DEFAULT 'change' NOT NULL,
	`message_id` text NOT NULL,
	`deadline_id` text,
	`act_id` text,
	`organisation_id` text NOT NULL,
	`from_revision` integer,
	`last_safe_on` text,
	`known_on` text,
	`reason` text,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`act_id`) REFERENCES `acts`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
INSERT INTO `__new_notices`("id", "key", "kind", "message_id", "deadline_id", "act_id", "organisation_id", "from_revision", "last_safe_on", "known_on", "reason") SELECT "id", "key", "kind", "message_id", "deadline_id", NULL, "organisation_id", "from_revision", "last_safe_on", "known_on", "reason" FROM `notices`;--> statement-breakpoint
DROP TABLE `notices`;--> statement-breakpoint
ALTER TABLE `__new_notices` RENAME TO `notices`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `notices_key` ON `notices` (`key`);--> statement-breakpoint
CREATE INDEX `notices_message` ON `notices` (`message_id`);--> statement-breakpoint
CREATE INDEX `notices_organisation` ON `notices` (`organisation_id`);--> statement-breakpoint
CREATE INDEX `notices_act` ON `notices` (`act_id`);