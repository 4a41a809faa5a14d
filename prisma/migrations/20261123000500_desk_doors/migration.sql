-- Who may come in at the desk: codes, links, the second factor and sessions. Every secret is a hash, or sealed.
CREATE TABLE "desk_code" (
    "adviser" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "desk_code_pkey" PRIMARY KEY ("adviser")
);

CREATE TABLE "desk_link" (
    "hash" TEXT NOT NULL,
    "adviser" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "desk_link_pkey" PRIMARY KEY ("hash")
);

CREATE TABLE "desk_totp" (
    "adviser" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "enrolled_at" TIMESTAMPTZ(3),
    "last_step" INTEGER NOT NULL DEFAULT -1,

    CONSTRAINT "desk_totp_pkey" PRIMARY KEY ("adviser")
);

CREATE TABLE "desk_session" (
    "hash" TEXT NOT NULL,
    "adviser" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "desk_session_pkey" PRIMARY KEY ("hash")
);

CREATE INDEX "desk_session_adviser_idx" ON "desk_session"("adviser");
