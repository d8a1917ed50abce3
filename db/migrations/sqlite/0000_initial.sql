CREATE TABLE `attempts` (
	`message_id` text NOT NULL,
	`number` integer NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`outcome` text,
	`code` integer,
	`response` text,
	PRIMARY KEY(`message_id`, `number`),
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `completions` (
	`organisation_id` text NOT NULL,
	`deadline_id` text NOT NULL,
	`completed_on` text NOT NULL,
	`by` text NOT NULL,
	`evidence` text,
	`recorded_at` integer NOT NULL,
	PRIMARY KEY(`organisation_id`, `deadline_id`),
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `deadline_roles` (
	`deadline_id` text NOT NULL,
	`role` text NOT NULL,
	PRIMARY KEY(`deadline_id`, `role`),
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `deadline_roles_role` ON `deadline_roles` (`role`);--> statement-breakpoint
CREATE TABLE `deadlines` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`insurer_slug` text,
	`contract_year` integer NOT NULL,
	`care_type` text NOT NULL,
	`activity` text NOT NULL,
	`slot` integer,
	`revision` integer NOT NULL,
	`sequence` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`insurer_slug`) REFERENCES `insurers`(`slug`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "deadlines_slot" CHECK("deadlines"."slot" between 1 and 4)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deadlines_key` ON `deadlines` (`key`);--> statement-breakpoint
CREATE INDEX `deadlines_insurer_year` ON `deadlines` (`insurer_slug`,`contract_year`);--> statement-breakpoint
CREATE TABLE `documents` (
	`key` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`version` text,
	`url` text,
	`published_on` text,
	`remarks` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `events` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`kind` text NOT NULL,
	`insurer_slug` text NOT NULL,
	`contract_year` integer NOT NULL,
	`occurred_on` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`insurer_slug`) REFERENCES `insurers`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_once` ON `events` (`organisation_id`,`kind`,`insurer_slug`,`contract_year`);--> statement-breakpoint
CREATE TABLE `feeds` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`label` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `feeds_hash` ON `feeds` (`hash`);--> statement-breakpoint
CREATE INDEX `feeds_organisation` ON `feeds` (`organisation_id`);--> statement-breakpoint
CREATE TABLE `insurer_documents` (
	`insurer_slug` text NOT NULL,
	`document_key` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`insurer_slug`, `document_key`),
	FOREIGN KEY (`insurer_slug`) REFERENCES `insurers`(`slug`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`document_key`) REFERENCES `documents`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `insurers` (
	`slug` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`website` text,
	`aliases` text NOT NULL,
	`contacts` text NOT NULL,
	`remarks` text NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text,
	`label` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keys_hash` ON `keys` (`hash`);--> statement-breakpoint
CREATE INDEX `keys_organisation` ON `keys` (`organisation_id`);--> statement-breakpoint
CREATE TABLE `messages` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`organisation_id` text NOT NULL,
	`recipient_id` text,
	`kind` text NOT NULL,
	`due_at` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`claim` integer NOT NULL,
	`claimed_at` integer,
	`attempts` integer NOT NULL,
	`message_id` text,
	`subject` text,
	`raw` blob,
	`sent_at` integer,
	`response` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`recipient_id`) REFERENCES `recipients`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_key` ON `messages` (`key`);--> statement-breakpoint
CREATE INDEX `messages_due` ON `messages` (`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `messages_organisation` ON `messages` (`organisation_id`);--> statement-breakpoint
CREATE INDEX `messages_recipient` ON `messages` (`recipient_id`);--> statement-breakpoint
CREATE TABLE `organisations` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`language` text NOT NULL,
	`roles` text NOT NULL,
	`parent_id` text,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`parent_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `organisations_parent` ON `organisations` (`parent_id`);--> statement-breakpoint
CREATE TABLE `own_terms` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`deadline_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `own_terms_once` ON `own_terms` (`organisation_id`,`deadline_id`);--> statement-breakpoint
CREATE TABLE `recipients` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`email` text NOT NULL,
	`lead_days` text NOT NULL,
	`digest` text NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`confirmed_at` integer,
	`unsubscribed_at` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `recipients_once` ON `recipients` (`organisation_id`,`email`);--> statement-breakpoint
CREATE TABLE `relations` (
	`organisation_id` text NOT NULL,
	`insurer_slug` text NOT NULL,
	`contract_status` text NOT NULL,
	`preferred` integer NOT NULL,
	PRIMARY KEY(`organisation_id`, `insurer_slug`),
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`insurer_slug`) REFERENCES `insurers`(`slug`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `relations_insurer` ON `relations` (`insurer_slug`);--> statement-breakpoint
CREATE TABLE `reminders` (
	`id` text PRIMARY KEY NOT NULL,
	`recipient_id` text NOT NULL,
	`deadline_id` text NOT NULL,
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
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reminders_once` ON `reminders` (`recipient_id`,`deadline_id`,`organisation_id`,`last_safe_on`,`lead_days`);--> statement-breakpoint
CREATE INDEX `reminders_message` ON `reminders` (`message_id`);--> statement-breakpoint
CREATE TABLE `revisions` (
	`deadline_id` text NOT NULL,
	`number` integer NOT NULL,
	`origin` text NOT NULL,
	`digest` text,
	`reason` text,
	`announced_on` text,
	`revised_at` integer NOT NULL,
	`status` text NOT NULL,
	`title` text NOT NULL,
	`rule` text NOT NULL,
	`boundary` text,
	`due_on` text,
	`last_safe_on` text,
	`certainty` text NOT NULL,
	`basis` text,
	`reporting_year` integer,
	`actors` text NOT NULL,
	`on_behalf_of` text NOT NULL,
	`contract_status` text NOT NULL,
	`deliverable` text,
	`channel` text,
	`consequence` text,
	`extension` text,
	`sources` text NOT NULL,
	`conflict` text,
	PRIMARY KEY(`deadline_id`, `number`),
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "revisions_unknown_has_no_day" CHECK("revisions"."certainty" <> 'unknown' or "revisions"."due_on" is null),
	CONSTRAINT "revisions_days_together" CHECK(("revisions"."due_on" is null) = ("revisions"."last_safe_on" is null))
);
--> statement-breakpoint
CREATE INDEX `revisions_due_on` ON `revisions` (`due_on`);--> statement-breakpoint
CREATE TABLE `senders` (
	`holder` text PRIMARY KEY NOT NULL,
	`host` text NOT NULL,
	`pid` integer NOT NULL,
	`renewed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `steps` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`deadline_id` text NOT NULL,
	`title` text NOT NULL,
	`due_on` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `steps_of` ON `steps` (`organisation_id`,`deadline_id`);