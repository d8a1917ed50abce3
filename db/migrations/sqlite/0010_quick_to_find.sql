CREATE INDEX `messages_open` ON `messages` (`recipient_id`) WHERE state in ('pending', 'sending');--> statement-breakpoint
CREATE INDEX `notices_organisation` ON `notices` (`organisation_id`);--> statement-breakpoint
CREATE INDEX `organisations_unreminded` ON `organisations` (`unreminded_since`) WHERE unreminded_since is not null;--> statement-breakpoint
CREATE INDEX `reminders_organisation` ON `reminders` (`organisation_id`);