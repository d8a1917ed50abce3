CREATE TABLE "withdrawals" (
	"number" integer PRIMARY KEY NOT NULL,
	"id" text collate "C" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text collate "C" NOT NULL,
	"subject" jsonb NOT NULL,
	"is_over" boolean NOT NULL
);
