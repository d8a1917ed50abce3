DROP INDEX `messages_open`;--> statement-breakpoint
CREATE INDEX `messages_unsettled` ON `messages` (`recipient_id`) WHERE state || '' in ('pending', 'sending');