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
	`about_id` text,
	`next_at` integer,
	`holder` text,
	`marked_at` integer,
	`copies` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`recipient_id`) REFERENCES `recipients`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "messages_owner" CHECK(("__new_messages"."organisation_id" is null) = ("__new_messages"."kind" = 'operator'))
);
--> statement-breakpoint
INSERT INTO `__new_messages`("id", "key", "organisation_id", "recipient_id", "kind", "due_at", "state", "reason", "claim", "claimed_at", "attempts", "message_id", "subject", "raw", "sent_at", "response", "created_at", "content", "sent_to", "about_id", "next_at", "holder", "marked_at", "copies") SELECT "id", "key", "organisation_id", "recipient_id", "kind", "due_at", "state", "reason", "claim", "claimed_at", "attempts", "message_id", "subject", "raw", "sent_at", "response", "created_at", NULL, "sent_to", "about_id", "next_at", "holder", "marked_at", "copies" FROM `messages`;--> statement-breakpoint
DROP TABLE `messages`;--> statement-breakpoint
ALTER TABLE `__new_messages` RENAME TO `messages`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `messages_key` ON `messages` (`key`);--> statement-breakpoint
CREATE INDEX `messages_due` ON `messages` (`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `messages_organisation` ON `messages` (`organisation_id`);--> statement-breakpoint
CREATE INDEX `messages_recipient` ON `messages` (`recipient_id`);--> statement-breakpoint
CREATE INDEX `messages_unsettled` ON `messages` (`recipient_id`) WHERE state || '' in ('pending', 'sending');--> statement-breakpoint
CREATE INDEX `messages_dead` ON `messages` (`due_at`,`id`) WHERE state || '' = 'dead';