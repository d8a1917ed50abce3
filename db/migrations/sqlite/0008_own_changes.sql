ALTER TABLE `notices` ADD `known_on` text;--> statement-breakpoint
ALTER TABLE `recipients` ADD `deputy_fault` text;