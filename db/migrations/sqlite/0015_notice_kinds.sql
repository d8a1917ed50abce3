ALTER TABLE `notices` ADD `kind` text DEFAULT 'change' NOT NULL;--> statement-breakpoint
UPDATE `notices` SET `kind` = 'escalation' WHERE `message_id` IN (SELECT `id` FROM `messages` WHERE `kind` = 'escalation');
