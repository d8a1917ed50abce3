PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_steps` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`deadline_id` text,
	`title` text NOT NULL,
	`due_on` text NOT NULL,
	`owner_id` text,
	`completed_on` text,
	`completed_by` text,
	`created_at` integer NOT NULL,
	`set_at` integer,
	`sequence` integer DEFAULT 0 NOT NULL,
	`changed_at` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`owner_id`) REFERENCES `recipients`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
INSERT INTO `__new_steps`("id", "organisation_id", "deadline_id", "title", "due_on", "owner_id", "completed_on", "completed_by", "created_at", "set_at", "sequence", "changed_at") SELECT "id", "organisation_id", "deadline_id", "title", "due_on", NULL, NULL, NULL, "created_at", NULL, 0, NULL FROM `steps`;--> statement-breakpoint
DROP TABLE `steps`;--> statement-breakpoint
ALTER TABLE `__new_steps` RENAME TO `steps`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `steps_of` ON `steps` (`organisation_id`,`deadline_id`);--> statement-breakpoint
CREATE INDEX `steps_owner` ON `steps` (`owner_id`);--> statement-breakpoint
CREATE TABLE `__new_reminders` (
	`id` text PRIMARY KEY NOT NULL,
	`recipient_id` text NOT NULL,
	`deadline_id` text,
	`step_id` text,
	`organisation_id` text NOT NULL,
	`last_safe_on` text NOT NULL,
	`lead_days` integer NOT NULL,
	`message_id` text,
	`state` text NOT NULL,
	`reason` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`recipient_id`) REFERENCES `recipients`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "reminders_about" CHECK(("__new_reminders"."deadline_id" is null) <> ("__new_reminders"."step_id" is null))
);
--> statement-breakpoint
INSERT INTO `__new_reminders`("id", "recipient_id", "deadline_id", "step_id", "organisation_id", "last_safe_on", "lead_days", "message_id", "state", "reason", "created_at") SELECT "id", "recipient_id", "deadline_id", NULL, "organisation_id", "last_safe_on", "lead_days", "message_id", "state", "reason", "created_at" FROM `reminders`;--> statement-breakpoint
DROP TABLE `reminders`;--> statement-breakpoint
ALTER TABLE `__new_reminders` RENAME TO `reminders`;--> statement-breakpoint
CREATE UNIQUE INDEX `reminders_once` ON `reminders` (`recipient_id`,`deadline_id`,`organisation_id`,`last_safe_on`,`lead_days`);--> statement-breakpoint
CREATE UNIQUE INDEX `reminders_step_once` ON `reminders` (`recipient_id`,`step_id`,`last_safe_on`,`lead_days`);--> statement-breakpoint
CREATE INDEX `reminders_message` ON `reminders` (`message_id`);--> statement-breakpoint
CREATE INDEX `reminders_organisation` ON `reminders` (`organisation_id`);--> statement-breakpoint
CREATE INDEX `reminders_pending` ON `reminders` (`recipient_id`) WHERE state = 'pending';