CREATE TABLE `public_changes` (
	`id` text PRIMARY KEY NOT NULL,
	`number` integer,
	`public_at` integer,
	`deadline_id` text NOT NULL,
	`from_revision` integer NOT NULL,
	`revision` integer NOT NULL,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `public_changes_number` ON `public_changes` (`number`);--> statement-breakpoint
CREATE UNIQUE INDEX `public_changes_once` ON `public_changes` (`deadline_id`,`revision`);--> statement-breakpoint
CREATE TABLE `audit` (
	`number` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`what` text NOT NULL,
	`subject` text NOT NULL,
	`before` text,
	`after` text,
	`hash` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `revisions` ADD `change_id` text REFERENCES public_changes(id);--> statement-breakpoint
ALTER TABLE `notices` ADD `change_id` text REFERENCES public_changes(id);--> statement-breakpoint
CREATE TRIGGER `audit_no_update` BEFORE UPDATE ON `audit` BEGIN SELECT RAISE(ABORT, 'the audit is append only'); END;--> statement-breakpoint
CREATE TRIGGER `audit_no_delete` BEFORE DELETE ON `audit` BEGIN SELECT RAISE(ABORT, 'the audit is append only'); END;
