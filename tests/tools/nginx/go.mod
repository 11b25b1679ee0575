module stackgen.test/tools/nginx

go 1.24.0
