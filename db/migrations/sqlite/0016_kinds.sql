PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_revisions` (
	`deadline_id` text NOT NULL,
	`number` integer NOT NULL,
	`origin` text NOT NULL,
	`digest` text,
	`reason` text,
	`announced_on` text,
	`revised_at` integer NOT NULL,
	`status` text NOT NULL,
	`kind` text DEFAULT 'deadline' NOT NULL,
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
	`strictness` text,
	`precedent` text,
	PRIMARY KEY(`deadline_id`, `number`),
	FOREIGN KEY (`deadline_id`) REFERENCES `deadlines`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "revisions_unknown_has_no_day" CHECK("__new_revisions"."certainty" <> 'unknown' or "__new_revisions"."due_on" is null),
	CONSTRAINT "revisions_days_together" CHECK(("__new_revisions"."due_on" is null) = ("__new_revisions"."last_safe_on" is null) or ("__new_revisions"."certainty" = 'template' and "__new_revisions"."due_on" is not null))
);
--> statement-breakpoint
INSERT INTO `__new_revisions`("deadline_id", "number", "origin", "digest", "reason", "announced_on", "revised_at", "status", "kind", "title", "rule", "boundary", "due_on", "last_safe_on", "certainty", "basis", "reporting_year", "actors", "on_behalf_of", "contract_status", "deliverable", "channel", "consequence", "extension", "sources", "conflict", "strictness", "precedent") SELECT "deadline_id", "number", "origin", "digest", "reason", "announced_on", "revised_at", "status", 'deadline', "title", "rule", "boundary", "due_on", "last_safe_on", "certainty", "basis", "reporting_year", "actors", "on_behalf_of", "contract_status", "deliverable", "channel", "consequence", "extension", "sources", "conflict", NULL, NULL FROM `revisions`;--> statement-breakpoint
DROP TABLE `revisions`;--> statement-breakpoint
ALTER TABLE `__new_revisions` RENAME TO `revisions`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `revisions_due_on` ON `revisions` (`due_on`);--> statement-breakpoint
ALTER TABLE `deadlines` ADD `requirement_key` text;--> statement-breakpoint
ALTER TABLE `deadlines` ADD `checked_on` text;--> statement-breakpoint
ALTER TABLE `deadlines` ADD `checked_by` text;--> statement-breakpoint
ALTER TABLE `feeds` ADD `kinds` text;--> statement-breakpoint
UPDATE `revisions` SET `kind` = 'window' WHERE `deadline_id` IN (SELECT `id` FROM `deadlines` WHERE `activity` IN ('innovation_request', 'policy_change_window'));--> statement-breakpoint
UPDATE `revisions` SET `kind` = 'period' WHERE `deadline_id` IN (SELECT `id` FROM `deadlines` WHERE `activity` IN ('elderly_care_talk', 'csrd_report'));--> statement-breakpoint
UPDATE `revisions` SET `kind` = 'term' WHERE `deadline_id` IN (SELECT `id` FROM `deadlines` WHERE `activity` IN ('contract_term'));--> statement-breakpoint
UPDATE `revisions` SET `kind` = 'intention' WHERE `deadline_id` IN (SELECT `id` FROM `deadlines` WHERE `activity` IN ('coordination_fee_talk', 'mental_health_networks_talk', 'mtvp_clarity', 'remote_monitoring_decision', 'programme_extension', 'fall_prevention', 'wellbeing_on_prescription', 'xis_mark', 'csrd_clarity', 'csrd_information'));--> statement-breakpoint
UPDATE `revisions` SET `kind` = 'commitment' WHERE `deadline_id` IN (SELECT `id` FROM `deadlines` WHERE `activity` IN ('green_deal', 'sustainability_report'));--> statement-breakpoint
UPDATE `revisions` SET `consequence` = json_set(`consequence`, '$.kind', 'note') WHERE `consequence` IS NOT NULL;