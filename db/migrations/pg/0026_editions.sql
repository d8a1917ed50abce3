CREATE TABLE "editions" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"insurer_slug" text collate "C",
	"contract_year" integer NOT NULL,
	"care_type" text collate "C" NOT NULL,
	"door" text collate "C" NOT NULL,
	"status" text collate "C" NOT NULL,
	"reason" text collate "C",
	"announced_on" date,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text collate "C" NOT NULL,
	"published_at" timestamp (3) with time zone,
	"published_by" text collate "C",
	"public_at" timestamp (3) with time zone,
	"alone_reason" text collate "C",
	"looked_at" timestamp (3) with time zone,
	"looked_by" text collate "C",
	"ended_at" timestamp (3) with time zone,
	"ended_by" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "loaded_files" (
	"subject" text collate "C" PRIMARY KEY NOT NULL,
	"digest" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "edition_entries" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"edition_id" text collate "C" NOT NULL,
	"position" integer NOT NULL,
	"act" text collate "C" NOT NULL,
	"deadline_id" text collate "C",
	"base_revision" integer,
	"activity" text collate "C",
	"slot" integer,
	"requirement_key" text collate "C",
	"content" jsonb NOT NULL,
	"reason" text collate "C",
	"document_key" text collate "C",
	"proposal" text collate "C",
	"version" integer NOT NULL,
	"edited_at" timestamp (3) with time zone NOT NULL,
	"edited_by" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "document_files" (
	"document_key" text collate "C" PRIMARY KEY NOT NULL,
	"hash" text collate "C" NOT NULL,
	"media_type" text collate "C" NOT NULL,
	"file_name" text collate "C",
	"bytes" "bytea" NOT NULL,
	"text" text collate "C" NOT NULL,
	"pages" integer,
	"extraction" jsonb NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	"added_by" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quote_places" (
	"document_key" text collate "C" NOT NULL,
	"quote" text collate "C" NOT NULL,
	"before" text collate "C" NOT NULL,
	"after" text collate "C" NOT NULL,
	"page" integer,
	CONSTRAINT "quote_places_pk" PRIMARY KEY("document_key","quote")
);
--> statement-breakpoint
CREATE TABLE "rejections" (
	"insurer_slug" text collate "C" NOT NULL,
	"proposal" text collate "C" NOT NULL,
	"reason" text collate "C" NOT NULL,
	"rejected_at" timestamp (3) with time zone NOT NULL,
	"rejected_by" text collate "C" NOT NULL,
	CONSTRAINT "rejections_pk" PRIMARY KEY("insurer_slug","proposal")
);
--> statement-breakpoint
CREATE TABLE "purchaser_links" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"insurer_slug" text collate "C" NOT NULL,
	"token" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text collate "C" NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "purchaser_answers" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"link_id" text collate "C" NOT NULL,
	"deadline_id" text collate "C" NOT NULL,
	"revision" integer NOT NULL,
	"wrong" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "deadlines" ADD COLUMN "held_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "public_changes" ADD COLUMN "edition_id" text collate "C";--> statement-breakpoint
ALTER TABLE "changes" ADD COLUMN "edition_id" text collate "C";--> statement-breakpoint
ALTER TABLE "changes" ADD COLUMN "not_before" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "editions" ADD CONSTRAINT "editions_insurer_slug_insurers_slug_fk" FOREIGN KEY ("insurer_slug") REFERENCES "public"."insurers"("slug") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition_entries" ADD CONSTRAINT "edition_entries_edition_id_editions_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."editions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition_entries" ADD CONSTRAINT "edition_entries_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition_entries" ADD CONSTRAINT "edition_entries_document_key_documents_key_fk" FOREIGN KEY ("document_key") REFERENCES "public"."documents"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_files" ADD CONSTRAINT "document_files_document_key_documents_key_fk" FOREIGN KEY ("document_key") REFERENCES "public"."documents"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quote_places" ADD CONSTRAINT "quote_places_document_key_documents_key_fk" FOREIGN KEY ("document_key") REFERENCES "public"."documents"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchaser_links" ADD CONSTRAINT "purchaser_links_insurer_slug_insurers_slug_fk" FOREIGN KEY ("insurer_slug") REFERENCES "public"."insurers"("slug") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchaser_answers" ADD CONSTRAINT "purchaser_answers_link_id_purchaser_links_id_fk" FOREIGN KEY ("link_id") REFERENCES "public"."purchaser_links"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchaser_answers" ADD CONSTRAINT "purchaser_answers_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "editions_status" ON "editions" USING btree ("status","public_at");--> statement-breakpoint
CREATE INDEX "editions_insurer" ON "editions" USING btree ("insurer_slug","contract_year");--> statement-breakpoint
CREATE INDEX "edition_entries_edition" ON "edition_entries" USING btree ("edition_id","position");--> statement-breakpoint
CREATE INDEX "edition_entries_deadline" ON "edition_entries" USING btree ("deadline_id");--> statement-breakpoint
CREATE INDEX "edition_entries_proposal" ON "edition_entries" USING btree ("proposal");--> statement-breakpoint
CREATE INDEX "document_files_hash" ON "document_files" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "purchaser_links_token" ON "purchaser_links" USING btree ("token");--> statement-breakpoint
CREATE INDEX "purchaser_links_insurer" ON "purchaser_links" USING btree ("insurer_slug");--> statement-breakpoint
CREATE INDEX "purchaser_answers_link" ON "purchaser_answers" USING btree ("link_id");--> statement-breakpoint
CREATE INDEX "purchaser_answers_deadline" ON "purchaser_answers" USING btree ("deadline_id");--> statement-breakpoint
ALTER TABLE "public_changes" ADD CONSTRAINT "public_changes_edition_id_editions_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."editions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_edition_id_editions_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."editions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "public_changes_edition" ON "public_changes" USING btree ("edition_id");