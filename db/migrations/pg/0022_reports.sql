CREATE TABLE "reports" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"deadline_id" text collate "C" NOT NULL,
	"revision" integer NOT NULL,
	"language" text collate "C" NOT NULL,
	"wrong" text collate "C" NOT NULL,
	"correct" text collate "C",
	"proof" text collate "C",
	"email" text collate "C",
	"caller" text collate "C",
	"turn" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "reports_turn" ON "reports" USING btree ("caller","turn");--> statement-breakpoint
CREATE INDEX "reports_created" ON "reports" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "reports_deadline" ON "reports" USING btree ("deadline_id");