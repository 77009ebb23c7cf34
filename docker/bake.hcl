# docker buildx bake -f docker/bake.hcl [SERVICE...]: the images of all services, from the project's folder.
# `./islet images` calls it, with the platforms asked for and with the jars that are built already.

variable "SERVICES" {
  default = ["dns", "dhcp", "ftp", "web", "voip", "router", "monitor"]
}

# Seconds since 1970 that every file in an image bears, so that the same input gives the same layers.
variable "SOURCE_DATE_EPOCH" {
  default = "1795478400"
}

variable "VERSION" {
  default = "0.1.0-SNAPSHOT"
}

# The commit that the images are made from.
variable "REVISION" {
  default = "unknown"
}

variable "TAG" {
  default = "latest"
}

group "default" {
  targets = ["image"]
}

target "image" {
  name       = service
  matrix     = { service = SERVICES }
  dockerfile = "docker/Dockerfile"
  args = {
    SERVICE           = service
    SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH
    VERSION           = VERSION
    REVISION          = REVISION
  }
  tags = ["islet/${service}:${TAG}"]
}

# The Debian package, for machines without Docker: .islet/islet_ARCH.deb
target "deb" {
  dockerfile = "docker/Dockerfile"
  target     = "deb"
  args       = { SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH, VERSION = VERSION }
  output     = [".islet"]
}
