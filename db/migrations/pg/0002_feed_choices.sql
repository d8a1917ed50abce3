CREATE TABLE "event_marks" (
	"organisation_id" text collate "C" NOT NULL,
	"scope" text collate "C" NOT NULL,
	"sequence" integer NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "event_marks_pk" PRIMARY KEY("organisation_id","scope")
);
--> statement-breakpoint
CREATE TABLE "former_links" (
	"hash" text collate "C" PRIMARY KEY NOT NULL,
	"feed_id" text collate "C",
	"replaced_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "feeds" ADD COLUMN "insurers" jsonb;--> statement-breakpoint
ALTER TABLE "feeds" ADD COLUMN "roles" jsonb;--> statement-breakpoint
ALTER TABLE "feeds" ADD COLUMN "certainty" jsonb;--> statement-breakpoint
ALTER TABLE "feeds" ADD COLUMN "alarms" jsonb;--> statement-breakpoint
ALTER TABLE "feeds" ADD COLUMN "language" text collate "C";--> statement-breakpoint
ALTER TABLE "feeds" ADD COLUMN "show_completed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "feeds" ADD COLUMN "sequence" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "feeds" ADD COLUMN "changed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "feeds" ADD COLUMN "last_fetched_on" date;--> statement-breakpoint
ALTER TABLE "feeds" ADD COLUMN "client" text collate "C";--> statement-breakpoint
ALTER TABLE "insurers" ADD COLUMN "changed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "next_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "holder" text collate "C";--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "marked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "copies" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "changed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "recipients" ADD COLUMN "fault" text collate "C";--> statement-breakpoint
ALTER TABLE "event_marks" ADD CONSTRAINT "event_marks_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "former_links" ADD CONSTRAINT "former_links_feed_id_feeds_id_fk" FOREIGN KEY ("feed_id") REFERENCES "public"."feeds"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "former_links_feed" ON "former_links" USING btree ("feed_id");--> statement-breakpoint
CREATE INDEX "former_links_end" ON "former_links" USING btree ("ends_at");