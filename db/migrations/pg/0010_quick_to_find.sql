CREATE INDEX "messages_open" ON "messages" USING btree ("recipient_id") WHERE state in ('pending', 'sending');--> statement-breakpoint
CREATE INDEX "notices_organisation" ON "notices" USING btree ("organisation_id");--> statement-breakpoint
CREATE INDEX "organisations_unreminded" ON "organisations" USING btree ("unreminded_since") WHERE unreminded_since is not null;--> statement-breakpoint
CREATE INDEX "reminders_organisation" ON "reminders" USING btree ("organisation_id");