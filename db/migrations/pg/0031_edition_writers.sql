CREATE TABLE "edition_writers" (
	"edition_id" text collate "C" NOT NULL,
	"by" text collate "C" NOT NULL,
	CONSTRAINT "edition_writers_pk" PRIMARY KEY("edition_id","by")
);
--> statement-breakpoint
ALTER TABLE "revisions" ADD COLUMN "edition_id" text collate "C";--> statement-breakpoint
ALTER TABLE "edition_writers" ADD CONSTRAINT "edition_writers_edition_id_editions_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."editions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_edition_id_editions_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."editions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "revisions_edition" ON "revisions" USING btree ("edition_id");--> statement-breakpoint
INSERT INTO "edition_writers" ("edition_id", "by") SELECT "id", "created_by" FROM "editions" UNION SELECT "edition_id", "edited_by" FROM "edition_entries";--> statement-breakpoint
UPDATE "revisions" SET "edition_id" = (SELECT min(e."id") FROM "editions" e INNER JOIN "deadlines" d ON d."insurer_slug" IS NOT DISTINCT FROM e."insurer_slug" WHERE d."id" = "revisions"."deadline_id" AND e."published_at" = "revisions"."revised_at");
