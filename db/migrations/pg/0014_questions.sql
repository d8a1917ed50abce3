CREATE TABLE "dead_addresses" (
	"address" text collate "C" PRIMARY KEY NOT NULL,
	"fault" text collate "C" NOT NULL,
	"since" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "declines" (
	"organisation_id" text collate "C" NOT NULL,
	"mailbox" text collate "C" NOT NULL,
	"declined_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "declines_pk" PRIMARY KEY("organisation_id","mailbox")
);
--> statement-breakpoint
CREATE TABLE "questions" (
	"mailbox" text collate "C" PRIMARY KEY NOT NULL,
	"asked" jsonb NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "declines" ADD CONSTRAINT "declines_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;