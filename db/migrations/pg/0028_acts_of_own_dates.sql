ALTER TABLE "acts" ADD COLUMN "step_id" text collate "C";--> statement-breakpoint
ALTER TABLE "acts" ADD CONSTRAINT "acts_step_id_steps_id_fk" FOREIGN KEY ("step_id") REFERENCES "public"."steps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "acts_step" ON "acts" USING btree ("step_id");