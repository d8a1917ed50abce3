ALTER TABLE `organisations` ADD `unreminded_why` text;--> statement-breakpoint
ALTER TABLE `keys` ADD `last_used_at` integer;--> statement-breakpoint
ALTER TABLE `keys` ADD `ends_at` integer;--> statement-breakpoint
CREATE INDEX `recipients_pending` ON `recipients` (`id`) WHERE status = 'pending';