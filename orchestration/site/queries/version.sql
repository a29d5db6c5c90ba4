-- the published version
select version, git_commit, as_of_vintage, without_origins from quality.published_version
