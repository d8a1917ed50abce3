ALTER TABLE "revisions" DROP CONSTRAINT "revisions_days_together";--> statement-breakpoint
ALTER TABLE "deadlines" ADD COLUMN "requirement_key" text collate "C";--> statement-breakpoint
ALTER TABLE "deadlines" ADD COLUMN "checked_on" date;--> statement-breakpoint
ALTER TABLE "deadlines" ADD COLUMN "checked_by" text collate "C";--> statement-breakpoint
ALTER TABLE "feeds" ADD COLUMN "kinds" jsonb;--> statement-breakpoint
ALTER TABLE "revisions" ADD COLUMN "kind" text collate "C" DEFAULT 'deadline' NOT NULL;--> statement-breakpoint
ALTER TABLE "revisions" ADD COLUMN "strictness" text collate "C";--> statement-breakpoint
ALTER TABLE "revisions" ADD COLUMN "precedent" jsonb;--> statement-breakpoint
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_days_together" CHECK (("revisions"."due_on" is null) = ("revisions"."last_safe_on" is null) or ("revisions"."certainty" = 'template' and "revisions"."due_on" is not null));--> statement-breakpoint
UPDATE "revisions" SET "kind" = 'window' WHERE "deadline_id" IN (SELECT "id" FROM "deadlines" WHERE "activity" IN ('innovation_request', 'policy_change_window'));--> statement-breakpoint
UPDATE "revisions" SET "kind" = 'period' WHERE "deadline_id" IN (SELECT "id" FROM "deadlines" WHERE "activity" IN ('elderly_care_talk', 'csrd_report'));--> statement-breakpoint
UPDATE "revisions" SET "kind" = 'term' WHERE "deadline_id" IN (SELECT "id" FROM "deadlines" WHERE "activity" IN ('contract_term'));--> statement-breakpoint
UPDATE "revisions" SET "kind" = 'intention' WHERE "deadline_id" IN (SELECT "id" FROM "deadlines" WHERE "activity" IN ('coordination_fee_talk', 'mental_health_networks_talk', 'mtvp_clarity', 'remote_monitoring_decision', 'programme_extension', 'fall_prevention', 'wellbeing_on_prescription', 'xis_mark', 'csrd_clarity', 'csrd_information'));--> statement-breakpoint
UPDATE "revisions" SET "kind" = 'commitment' WHERE "deadline_id" IN (SELECT "id" FROM "deadlines" WHERE "activity" IN ('green_deal', 'sustainability_report'));--> statement-breakpoint
UPDATE "revisions" SET "consequence" = "consequence" || '{"kind": "note"}' WHERE "consequence" IS NOT NULL;