ALTER TABLE `acts` ADD `step_id` text REFERENCES steps(id) ON DELETE cascade;--> statement-breakpoint
CREATE INDEX `acts_step` ON `acts` (`step_id`);