-- AlterTable
ALTER TABLE "content_publication" ADD COLUMN     "takes_back" TEXT;
