-- CreateTable
CREATE TABLE "prospects" (
    "id" BIGSERIAL NOT NULL,
    "organisation_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "score" DECIMAL(5,2) NOT NULL DEFAULT 0,
    "status" "ProspectStatus" NOT NULL DEFAULT 'NEW',
    "insights" JSONB,
    "embedding" tsvector,
    "token" UUID NOT NULL DEFAULT gen_random_uuid(),
    "deleted_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "prospects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Tag" (
    "name" VARCHAR(40) NOT NULL,

    CONSTRAINT "Tag_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "_ProspectToUser" (
    "A" BIGINT NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_ProspectToUser_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "_ProspectToTag" (
    "A" BIGINT NOT NULL,
    "B" VARCHAR(40) NOT NULL,

    CONSTRAINT "_ProspectToTag_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "prospects_status_created_at_idx" ON "prospects"("status", "created_at" DESC);

-- CreateIndex
CREATE INDEX "prospects_insights_idx" ON "prospects" USING GIN ("insights" jsonb_path_ops);

-- CreateIndex
CREATE UNIQUE INDEX "one_prospect_per_address" ON "prospects"("organisation_id", "email");

-- CreateIndex
CREATE INDEX "_ProspectToUser_B_index" ON "_ProspectToUser"("B");

-- CreateIndex
CREATE INDEX "_ProspectToTag_B_index" ON "_ProspectToTag"("B");

-- AddForeignKey
ALTER TABLE "prospects" ADD CONSTRAINT "prospects_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_ProspectToUser" ADD CONSTRAINT "_ProspectToUser_A_fkey" FOREIGN KEY ("A") REFERENCES "prospects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_ProspectToUser" ADD CONSTRAINT "_ProspectToUser_B_fkey" FOREIGN KEY ("B") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_ProspectToTag" ADD CONSTRAINT "_ProspectToTag_A_fkey" FOREIGN KEY ("A") REFERENCES "prospects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_ProspectToTag" ADD CONSTRAINT "_ProspectToTag_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag"("name") ON DELETE CASCADE ON UPDATE CASCADE;
