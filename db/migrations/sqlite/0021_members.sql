CREATE TABLE `people` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`language` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `people_email` ON `people` (`email`);--> statement-breakpoint
CREATE TABLE `members` (
	`person_id` text NOT NULL,
	`organisation_id` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`person_id`, `organisation_id`),
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `members_organisation` ON `members` (`organisation_id`);--> statement-breakpoint
CREATE TABLE `editors` (
	`person_id` text PRIMARY KEY NOT NULL,
	`label` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `sign_ins` (
	`id` text PRIMARY KEY NOT NULL,
	`mailbox` text NOT NULL,
	`person_id` text,
	`cookie` text NOT NULL,
	`token` text NOT NULL,
	`code` text NOT NULL,
	`tries_left` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sign_ins_cookie` ON `sign_ins` (`cookie`);--> statement-breakpoint
CREATE UNIQUE INDEX `sign_ins_token` ON `sign_ins` (`token`);--> statement-breakpoint
CREATE INDEX `sign_ins_mailbox` ON `sign_ins` (`mailbox`,`created_at`);--> statement-breakpoint
CREATE INDEX `sign_ins_person` ON `sign_ins` (`person_id`);--> statement-breakpoint
CREATE INDEX `sign_ins_created` ON `sign_ins` (`created_at`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`digest` text NOT NULL,
	`person_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL,
	`fresh_until` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_digest` ON `sessions` (`digest`);--> statement-breakpoint
CREATE INDEX `sessions_person` ON `sessions` (`person_id`);--> statement-breakpoint
CREATE INDEX `sessions_end` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `enrolments` (
	`id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`mailbox` text NOT NULL,
	`caller` text NOT NULL,
	`choices` text,
	`invitation_id` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `enrolments_token` ON `enrolments` (`token`);--> statement-breakpoint
CREATE INDEX `enrolments_mailbox` ON `enrolments` (`mailbox`,`created_at`);--> statement-breakpoint
CREATE INDEX `enrolments_caller` ON `enrolments` (`caller`,`created_at`);--> statement-breakpoint
CREATE INDEX `enrolments_end` ON `enrolments` (`expires_at`);--> statement-breakpoint
CREATE TABLE `invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`organisation_id` text,
	`email` text,
	`role` text,
	`invited_by_id` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`invited_by_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_token` ON `invitations` (`token`);--> statement-breakpoint
CREATE INDEX `invitations_organisation` ON `invitations` (`organisation_id`,`email`);--> statement-breakpoint
CREATE INDEX `invitations_inviter` ON `invitations` (`invited_by_id`);--> statement-breakpoint
CREATE INDEX `invitations_end` ON `invitations` (`expires_at`);--> statement-breakpoint
CREATE TABLE `address_changes` (
	`person_id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`former_token` text NOT NULL,
	`former_confirmed_at` integer,
	`new_token` text NOT NULL,
	`new_confirmed_at` integer,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `address_changes_former` ON `address_changes` (`former_token`);--> statement-breakpoint
CREATE UNIQUE INDEX `address_changes_new` ON `address_changes` (`new_token`);--> statement-breakpoint
CREATE INDEX `address_changes_end` ON `address_changes` (`expires_at`);--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`organisation_id` text,
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
	`content` text,
	`sent_to` text,
	`sent_to_digest` text,
	`about_id` text,
	`next_at` integer,
	`holder` text,
	`marked_at` integer,
	`copies` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`recipient_id`) REFERENCES `recipients`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "messages_owner" CHECK(("__new_messages"."organisation_id" is null or "__new_messages"."kind" <> 'operator') and ("__new_messages"."recipient_id" is null or "__new_messages"."organisation_id" is not null))
);
--> statement-breakpoint
INSERT INTO `__new_messages`("id", "key", "organisation_id", "recipient_id", "kind", "due_at", "state", "reason", "claim", "claimed_at", "attempts", "message_id", "subject", "raw", "sent_at", "response", "created_at", "content", "sent_to", "sent_to_digest", "about_id", "next_at", "holder", "marked_at", "copies") SELECT "id", "key", "organisation_id", "recipient_id", "kind", "due_at", "state", "reason", "claim", "claimed_at", "attempts", "message_id", "subject", "raw", "sent_at", "response", "created_at", "content", "sent_to", "sent_to_digest", "about_id", "next_at", "holder", "marked_at", "copies" FROM `messages`;--> statement-breakpoint
DROP TABLE `messages`;--> statement-breakpoint
ALTER TABLE `__new_messages` RENAME TO `messages`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `messages_key` ON `messages` (`key`);--> statement-breakpoint
CREATE INDEX `messages_due` ON `messages` (`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `messages_organisation` ON `messages` (`organisation_id`);--> statement-breakpoint
CREATE INDEX `messages_recipient` ON `messages` (`recipient_id`);--> statement-breakpoint
CREATE INDEX `messages_unsettled` ON `messages` (`recipient_id`) WHERE state || '' in ('pending', 'sending');--> statement-breakpoint
CREATE INDEX `messages_dead` ON `messages` (`due_at`,`id`) WHERE state || '' = 'dead';--> statement-breakpoint
CREATE INDEX `messages_first` ON `messages` (`due_at`) WHERE state || '' = 'pending' and kind in ('sign_in', 'no_account');--> statement-breakpoint
ALTER TABLE `completions` ADD `outcome` text DEFAULT 'submitted' NOT NULL;--> statement-breakpoint
ALTER TABLE `completions` ADD `reason` text;