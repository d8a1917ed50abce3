CREATE INDEX `relations_dealing` ON `relations` (`insurer_slug`,`organisation_id`);--> statement-breakpoint
CREATE INDEX `reminders_pending` ON `reminders` (`recipient_id`) WHERE state = 'pending';