CREATE TABLE `edition_writers` (
	`edition_id` text NOT NULL,
	`by` text NOT NULL,
	PRIMARY KEY(`edition_id`, `by`),
	FOREIGN KEY (`edition_id`) REFERENCES `editions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `revisions` ADD `edition_id` text REFERENCES editions(id);--> statement-breakpoint
CREATE INDEX `revisions_edition` ON `revisions` (`edition_id`);--> statement-breakpoint
INSERT INTO `edition_writers` (`edition_id`, `by`) SELECT `id`, `created_by` FROM `editions` UNION SELECT `edition_id`, `edited_by` FROM `edition_entries`;--> statement-breakpoint
UPDATE `revisions` SET `edition_id` = (SELECT min(e.`id`) FROM `editions` e INNER JOIN `deadlines` d ON d.`insurer_slug` IS NOT DISTINCT FROM e.`insurer_slug` WHERE d.`id` = `revisions`.`deadline_id` AND e.`published_at` = `revisions`.`revised_at`);
